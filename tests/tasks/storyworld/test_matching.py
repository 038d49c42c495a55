from random import Random

import pytest

from lmkit.tasks import TextToText, search_collection, search_task, similarity_task
from lmkit.tasks.storyworld.drawing import meaning
from lmkit.tasks.storyworld.matching import tell_with


def test_similarity_is_the_share_of_common_facts(world):
    task = similarity_task(world, num_train=24, num_validation=0, num_test=0)
    for example in task.train:
        first, second = (set(world.parse(text).story.facts) for text in (example.first, example.second))
        common = sum(fact in second for fact in first)
        assert example.label == common / (len(first) + len(second) - common)
        assert example.first != example.second
    assert all(example.label == 1.0 for example in task.train[::4])
    assert sum(0 < example.label < 1 for example in task.train) > 3
    assert all(example.label < 0.2 for example in task.train[3::4])


def test_a_plot_is_told_with_another_cast(world):
    random = Random(0)
    for plot, story in zip(world.stories(12, seed=1), world.stories(12, seed=2), strict=True):
        told = tell_with(world, plot, story.cast, random)
        assert world.parse(told.text).story.text == told.text  # possible in this world, pronouns and all
        assert [step.line for step in told.steps] == [step.line for step in plot.steps]
        for role in ("hero", "friend", "job", "thing", "place"):
            assert told.cast[role] is story.cast[role]


def test_every_second_document_has_the_cast_of_the_one_before(world, sizes):
    train = search_task(world, **sizes).train
    for example, rival in zip(train[::2], train[1::2], strict=True):
        story, other = world.parse(example.target).story, world.parse(rival.target).story
        for role in ("hero", "friend", "job", "thing", "place"):
            assert story.cast[role] is other.cast[role]
        assert meaning(story) != meaning(other)
        assert (example.source, rival.source) == (story.summary, other.summary)


def test_retellings_tell_the_same_in_other_words(world, sizes):
    for example in search_task(world, query="retelling", **sizes).train:
        assert example.source != example.target
        assert meaning(world.parse(example.source).story) == meaning(world.parse(example.target).story)


def test_queries_must_be_of_a_known_kind(world):
    # beartype refuses the word before the function does
    with pytest.raises(Exception, match="query"):
        search_task(world, query="title")


def test_collection_holds_each_document_and_each_query_once():
    pairs = [("a", "X"), ("b", "Y"), ("a", "Z"), ("c", "X")]
    collection = search_collection([TextToText(source=source, target=target) for source, target in pairs])
    assert collection.documents == ("X", "Y", "Z")
    assert collection.queries == ("a", "b", "c")
    assert collection.relevant == ({0, 2}, {1}, {0})
