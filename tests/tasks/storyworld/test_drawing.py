from dataclasses import astuple
from functools import partial
from random import Random

import pytest

from lmkit.recipes import HELD_OUT_SEED, TRAINING_SEED
from lmkit.storyworld import StoryWorld, StoryWorldConfig
from lmkit.tasks import (
    entity_task,
    extractive_question_task,
    generative_question_task,
    relation_task,
    search_task,
    sentiment_task,
    similarity_task,
    summary_task,
    translation_task,
    word_problem_task,
)
from lmkit.tasks.storyworld.drawing import Source, meaning

TASKS = {
    "sentiment": sentiment_task,
    "entities": entity_task,
    "relations": relation_task,
    "similarity": similarity_task,
    "extractive questions": extractive_question_task,
    "generative questions": generative_question_task,
    "word problems": word_problem_task,
    "summaries": summary_task,
    "translation": translation_task,
    "search": search_task,
    "search by retelling": partial(search_task, query="retelling"),
}
STORY_TASKS = [name for name in TASKS if name != "word problems"]


class HundredStories(StoryWorld):
    """A world that tells few stories, and some of them so often that without care the parts would share them."""

    def __init__(self):
        super().__init__()
        self.all = list(self.stories(100, seed=3))

    def story(self, seed):
        return self.retell(self.all[int(100 * seed.random() ** 4)], seed)


@pytest.fixture(scope="module")
def hundred_stories():
    return HundredStories()


def stories_in(world, example):
    """Every story that stands in an example, read back from its text."""
    for value in astuple(example):
        if isinstance(value, str):
            text = value[: value.rindex(".") + 1] if "." in value else value  # without a question after it
            story = world.parse(text).story
            if story is not None:
                yield story


def parts_of(task):
    return {"train": task.train, "validation": task.validation, "test": task.test}


@pytest.mark.parametrize("name", TASKS)
def test_parts_repeat_with_the_seed_and_do_not_depend_on_the_sizes_of_others(world, sizes, name):
    large = TASKS[name](world, **sizes)
    assert [len(part) for part in parts_of(large).values()] == list(sizes.values())
    small = TASKS[name](world, **sizes | {"num_train": 3, "num_validation": 0})
    assert small.test == large.test
    assert small.train == large.train[:3]
    assert small.validation == ()


def test_another_seed_draws_other_examples(world, sizes):
    for make_task in (summary_task, word_problem_task):
        one, other = make_task(world, **sizes), make_task(world, **sizes, seed=1)
        assert not {*one.train, *one.test} & {*other.train, *other.test}


@pytest.mark.parametrize("name", STORY_TASKS)
def test_no_story_is_told_in_two_parts_in_whatever_words(hundred_stories, name):
    world = hundred_stories
    task = TASKS[name](world, num_train=10, num_validation=2, num_test=5)
    meanings = {
        part: {meaning(story) for example in examples for story in stories_in(world, example)}
        for part, examples in parts_of(task).items()
    }
    assert [len(told) >= len(parts_of(task)[part]) for part, told in meanings.items()] == [True] * 3
    assert not meanings["train"] & meanings["validation"]
    assert not meanings["train"] & meanings["test"]
    assert not meanings["validation"] & meanings["test"]


def test_no_word_problem_is_in_two_parts():
    world = StoryWorld(StoryWorldConfig(num_people=3, problem_steps=1))
    task = word_problem_task(world, num_train=200, num_validation=50, num_test=150)
    prompts = [example.prompt for part in parts_of(task).values() for example in part]
    assert len(set(prompts)) == len(prompts)


@pytest.mark.parametrize("seed", [TRAINING_SEED, HELD_OUT_SEED])
def test_shipped_models_were_not_trained_on_these_stories(world, seed):
    task = summary_task(world, num_train=20, num_validation=20, num_test=20, seed=seed)
    ours = {example.source for part in parts_of(task).values() for example in part}
    assert not ours & set(world.texts(60, seed))


def test_meaning_is_that_of_a_retelling_and_of_no_other_story(world):
    stories = list(world.stories(20, seed=5))
    for story in stories:
        again = world.retell(story, seed=6)
        assert again.text != story.text
        assert meaning(again) == meaning(story)
    assert len({meaning(story) for story in stories}) == 20


def test_a_story_is_claimed_once(world):
    source = Source(world, Random(0), set())
    story = source.story()
    assert not source.claim(story)
    assert not source.claim(world.retell(story, seed=0))
    assert source.claim(world.story(seed=1))


def test_sizes_must_not_be_negative(world):
    with pytest.raises(ValueError, match="num_validation=-1 must be at least 0"):
        summary_task(world, num_validation=-1)


def test_a_world_without_enough_stories_is_named(hundred_stories):
    with pytest.raises(ValueError, match="world is too small: none of 1000 draws was both new and suitable"):
        summary_task(hundred_stories, num_train=0, num_validation=0, num_test=101)
