import re
from collections import Counter

from lmkit.tasks import entity_task, relation_task, sentiment_task


def test_sentiment_is_balanced_and_that_of_the_story(world, sizes):
    task = sentiment_task(world, **sizes)
    assert task.labels == ("negative", "neutral", "positive")
    assert Counter(example.label for example in task.train) == dict.fromkeys(task.labels, 4)
    for example in task.train:
        assert world.parse(example.text).story.sentiment == example.label


def test_no_story_says_how_its_hero_feels_in_the_end(world, sizes):
    feelings = {entity.forms[""] for mood in ("glad", "sad", "calm") for entity, _ in world.roles[mood].anything()}
    for example in sentiment_task(world, **sizes).train:
        hero = world.parse(example.text).story.cast["hero"].forms[""]
        last_sentences = example.text.split(". ")[-2:]
        telling = [each for each in last_sentences if set(re.findall(r"\w+", each)) & feelings and hero in each]
        assert not telling


def test_entities_are_where_they_are_said_to_be(world, sizes):
    task = entity_task(world, **sizes)
    people = {entity.forms[""] for entity, _ in world.roles["hero"].anything()}
    found = Counter()
    for example in task.train:
        assert [span for span in example.spans if span.label not in task.labels] == []
        assert list(example.spans) == sorted(example.spans)
        named = [example.text[span.start : span.end] for span in example.spans if span.label == "PERSON"]
        assert named == [word for word in re.findall(r"\w+", example.text) if word in people]
        found.update(span.label for span in example.spans)
    assert set(found) == set(task.labels)


def test_relations_are_true_and_no_relation_is_false(world):
    task = relation_task(world, num_train=24, num_validation=0, num_test=0)
    counts = Counter(example.label for example in task.train)
    assert counts == {"none": 12} | dict.fromkeys(task.labels[:-1], 2)
    for example in task.train:
        story = world.parse(example.second).story
        subject, what = example.first.split(", ")
        relations = {fact.relation for fact in story.facts if (fact.subject, fact.object) == (subject, what)}
        assert relations == ({example.label} - {"none"})
        assert subject in example.second
        assert what in example.second
