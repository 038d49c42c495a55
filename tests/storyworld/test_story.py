import re
from itertools import pairwise

import pytest

from lmkit.storyworld import Fact, StoryWorld, StoryWorldConfig

MEDIUM = StoryWorldConfig(events=(1, 3), distance=(0, 3))


@pytest.fixture(scope="module")
def stories():
    return list(StoryWorld(MEDIUM).stories(250, seed=21))


def simulate(story):
    """Who has what, where it lies and how the hero feels, from the English text alone, by its own rules."""
    hero = re.match(
        r".*?\b([A-Z][a-z]+) the |^([A-Z][a-z]+) w|.*?, ([A-Z][a-z]+),|.*, ([A-Z][a-z]+) w", story.sentences[0]
    )
    hero = next(name for name in hero.groups() if name and name not in ("One", "On", "It", "Once"))
    friend = next(name for name in re.findall(r"\b[A-Z][a-z]+\b", story.sentences[1]) if name not in NOT_NAMES | {hero})
    item = re.search(r"(?:with|took|carried|brought) an? (\w+ \w+)", story.sentences[0])[1]
    other = re.search(r"(?:had|with|held|showed (?:him|her)|carrying) an? (\w+ \w+)\.", story.sentences[1])
    where = {item: hero} | ({other[1]: friend} if other else {})
    mood = "neutral"
    for sentence in story.sentences[2:]:
        if re.search(r"present|to keep|could keep|should belong", sentence):
            given = next(thing for thing in where if thing in sentence)
            where[given] = friend if where[given] == hero else hero
            mood = "positive"
        elif re.search(r"in return|traded|fair trade", sentence):
            where = {thing: hero if holder == friend else friend for thing, holder in where.items()}
            mood = "positive"
        elif re.search(r"snatched|took .* away from|grabbed|from taking", sentence):
            where[item], mood = friend, "negative"
        elif re.search(
            r"back to|returned the|got .* back|back into|picked it up|At last|there was|brought it back|Luckily",
            sentence,
        ):
            where[item], mood = hero, "positive"
        elif re.search(r"was gone|Somehow|could not see|disappeared|fallen down", sentence):
            where[item], mood = "lost", "negative"
        elif re.search(r"put the|left the|hid the|good place for", sentence):
            where[item] = re.search(r"((?:under|behind|in|beside|on) the \w+)", sentence)[1]
        elif re.search(r"picked up|went to get|came back with", sentence):
            where[item] = hero if hero in sentence else friend
        elif (
            re.search(r"sang|poem|funny story|best|praise|nobody was a better", sentence)
            and "best food" not in sentence
        ):
            mood = "positive"
        elif re.search(r"spilled|poured|Oh no|covered in|laughed at|very bad|made fun|never to work", sentence):
            mood = "negative"
        elif re.search(r"clean again|look like new|cleaned|said sorry|words back|silly joke", sentence):
            mood = "positive"
    return hero, friend, where, mood


NOT_NAMES = {"There", "Before", "He", "She"}


def test_facts_and_sentiment_equal_those_of_an_independent_reading(stories):
    for story in stories:
        hero, friend, where, mood = simulate(story)
        assert story.sentiment == mood
        assert Fact(hero, "mood", mood) in story.facts
        for item, holder in where.items():
            if holder in (hero, friend):
                assert Fact(holder, "holds", item) in story.facts
            elif holder == "lost":
                assert Fact(item, "is", "lost") in story.facts
            else:
                assert Fact(item, "lies", holder) in story.facts
        assert sum(fact.relation in ("holds", "lies") or fact.object == "lost" for fact in story.facts) == len(where)


def test_answers_equal_those_of_an_independent_reading(stories):
    asked = set()
    for story in stories:
        hero, friend, where, _ = simulate(story)
        for question in story.questions:
            asked.add(question.kind)
            if question.kind == "holder":
                item = re.fullmatch(r"Who has the (.*) at the end\?", question.question)[1]
                assert question.answer == where[item]
            elif question.kind == "lies":
                item = re.fullmatch(r"Where is the (.*) at the end\?", question.question)[1]
                assert question.answer == where[item]
            elif question.kind == "job":
                person = re.fullmatch(r"What does (.*) do for a living\?", question.question)[1]
                pattern = rf"{person}(?:,| the| was| worked as|, who worked as)(?: an?)? {question.answer}\b"
                assert re.search(pattern, story.text)
            elif question.kind == "brought":
                assert question.answer in story.sentences[0]
                assert question.answer in where
            elif question.kind == "met":
                assert re.search(rf"to the {question.answer}\b", story.sentences[0])
            elif question.kind == "next":
                assert re.search(rf"to the {question.answer}\.", story.text)
            elif question.kind == "found":
                assert re.search(rf"(?:found|saw|discovered|looked) .*{question.answer}", story.text)
            else:
                assert re.search(rf"(?:{hero}|{friend}).* {question.answer}", story.text)
    assert asked == {"holder", "lies", "job", "brought", "met", "next", "found", "likes"}


def test_answer_spans_stand_in_the_text_and_steps_lead_to_the_answer(stories):
    for story in stories:
        for question in story.questions:
            start, end = question.span
            assert story.text[start:end] == question.answer
            assert question.answer in question.steps[-1]
            start, end = question.span_zh
            assert story.text_zh[start:end] == question.answer_zh
            assert question.answer_zh in question.steps_zh[-1]
            assert len(question.steps) == len(question.steps_zh)
            assert question.question.endswith("?")
            assert question.question_zh.endswith("？")


def test_some_questions_take_several_steps(stories):
    longest = max((question for story in stories for question in story.questions), key=lambda q: len(q.steps))
    assert len(longest.steps) >= 4


def test_mentions_point_at_the_entities_in_both_languages(stories):
    labels = set()
    for story in stories:
        for text, mentions, bare in ((story.text, story.entities, ""), (story.text_zh, story.entities_zh, "名")):
            assert list(mentions) == sorted(mentions)
            assert all(one.end <= two.start for one, two in pairwise(mentions))
            for mention in mentions:
                entity = story.steps[mention.sentence].bindings[mention.role]
                words = text[mention.start : mention.end]
                assert entity.label == mention.label
                assert words.lower() == entity.forms[bare].lower() or entity.forms[bare].endswith(words)
                labels.add(mention.label)
    assert labels == {"PERSON", "OCCUPATION", "PLACE", "SPOT", "THING", "FOOD", "ANIMAL", "MOOD", "TIME"}


def test_no_mention_of_a_person_is_missed(world, stories):
    names = [entity.forms[""] for entity, _ in world.roles["hero"].anything()]
    pattern = re.compile(r"\b(" + "|".join(names) + r")\b")
    for story in stories:
        found = [match.span() for match in pattern.finditer(story.text)]
        assert found == [(m.start, m.end) for m in story.entities if m.label == "PERSON"]


def test_sentences_are_aligned(stories):
    for story in stories:
        assert " ".join(english for english, _ in story.sentence_pairs) == story.text
        assert "".join(chinese for _, chinese in story.sentence_pairs) == story.text_zh
        for number in range(len(story.sentences)):
            in_english = {m.role for m in story.entities if m.sentence == number}
            in_chinese = {m.role for m in story.entities_zh if m.sentence == number}
            assert in_chinese <= in_english


def test_summaries_say_how_it_ended(stories):
    ends = {"positive": ("happy", "开心"), "neutral": ("as before", "原来一样"), "negative": ("sad", "难过")}
    for story in stories:
        hero = story.cast["hero"]
        assert story.summary.endswith(f"In the end {hero} {_verb(story)} {ends[story.sentiment][0]}.")
        assert ends[story.sentiment][1] in story.summary_zh
        assert len(story.summary) < len(story.text) / 2
        names = set(re.findall(r"[A-Z]\w+", story.summary)) - {"In"}
        assert names <= {f"{hero}", f"{story.cast['friend']}"}


def _verb(story):
    return "felt" if story.sentiment == "neutral" else "was"


def test_no_word_alone_gives_the_sentiment_away(world):
    """A mood word may speak of the friend: among stories with "happy" or "sad" the hero may feel otherwise."""
    stories = list(world.stories(3000, seed=6))
    for word in (" happy", " sad", " gave "):
        assert len({story.sentiment for story in stories if word in story.text}) >= 2


def test_forms_show_what_fills_a_slot(world):
    kite = next(entity for entity, _ in world.roles["thing"].anything() if entity.key == "kite")
    assert f"{kite:a}, {kite:the}, {kite:short}" == "a red kite, the red kite, the kite"
    assert f"{kite:一}，{kite:那}，{kite:短}" == "一只红色的风筝，那只红色的风筝，那只风筝"
    assert repr(kite) == "Entity('red kite', '红色的风筝')"


def test_a_story_and_its_steps_are_shown_in_a_line_each(stories):
    story = stories[0]
    assert repr(story) == f"Story({story.text!r})"
    assert all(len(repr(step)) < 2000 for step in story.steps)
