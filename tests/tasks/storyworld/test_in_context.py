from random import Random
from typing import get_args

import pytest

from lmkit.storyworld.lexicon import details, occupations, people, places, things
from lmkit.tasks import ContextTask, context_examples
from lmkit.tasks.storyworld.in_context import MAX_WORDS

NAMES = {
    kind: {entity.forms[""]: entity.forms["名"] for entity in entities}
    for kind, entities in {
        "person": people(),
        "job": occupations(),
        "place": places(),
        "thing": things(42, 8),
        "food": details("food"),
        "animal": details("animal"),
        "drink": details("drink"),
    }.items()
}


@pytest.mark.parametrize("task", get_args(ContextTask))
def test_examples_depend_on_the_seed_alone(task, world):
    first = context_examples(task, 4, seed=3, world=world)
    assert len(first) == 4
    assert context_examples(task, 4, seed=Random(3), world=world) == first
    assert context_examples(task, 4, seed=4, world=world) != first
    assert context_examples(task, 0, seed=3, world=world) == []


@pytest.mark.parametrize(("task", "kind"), [("who", "person"), ("thing", "thing"), ("job", "job"), ("food", "food")])
def test_what_is_asked_for_is_the_first_of_its_kind_among_others(task, kind, world):
    for example in context_examples(task, 30, seed=0, world=world):
        found = [name for name in NAMES[kind] if name in example.prompt]
        assert example.answer in found
        assert example.prompt.index(example.answer) == min(example.prompt.index(name) for name in found)
        others = [name for other in NAMES if other != kind for name in NAMES[other] if name in example.prompt]
        assert others or task == "who"  # a person may be together with a time or a spot


def test_sentences_are_translated_both_ways(world):
    for task in ("chinese", "english"):
        named = 0
        for example in context_examples(task, 30, seed=5, world=world):
            english, chinese = (example.prompt, example.answer)[:: 1 if task == "chinese" else -1]
            assert english.isascii()
            assert not chinese.isascii()
            for kind in ("person", "job"):
                found = [name for name in NAMES[kind] if name in english.replace(",", "").replace(".", "").split()]
                assert all(NAMES[kind][name] in chinese for name in found)
                named += len(found)
        assert named > 20


def test_words_have_their_kind_and_their_translation(world):
    for example in context_examples("kind", 50, seed=0, world=world):
        assert example.prompt in NAMES[example.answer]
    for example in context_examples("word", 50, seed=0, world=world):
        assert example.answer in {names.get(example.prompt) for names in NAMES.values()}


@pytest.mark.parametrize(
    ("task", "kinds"),
    [("letters", {"person", "job", "place", "thing", "food"}), ("new letters", {"animal", "drink"})],
)
def test_letters_mean_kinds_and_mean_something_else_each_time(task, kinds, world):
    meanings = set()
    for seed in range(30):
        examples = context_examples(task, MAX_WORDS, seed, world=world)
        assert len({example.prompt for example in examples}) == MAX_WORDS
        kind_of = {}
        for example in examples:
            (kind,) = (kind for kind in kinds if example.prompt in NAMES[kind])
            assert kind_of.setdefault(example.answer, kind) == kind
            meanings.add((example.answer, kind))
        assert len(kind_of) == len(set(kind_of.values())) <= 2
    assert len(meanings) > 30
    assert {kind for _, kind in meanings} == kinds


def test_summaries_questions_and_problems_have_the_answers_of_the_world(world):
    words = {"positive": "happy", "neutral": "as before", "negative": "sad"}
    for example in context_examples("sentiment", 30, seed=0, world=world):
        assert example.prompt.removesuffix(".").endswith(words[example.answer])
    for example in context_examples("questions", 10, seed=0, world=world):
        text, question = example.prompt[: example.prompt.rindex(". ") + 1], example.prompt.rpartition(". ")[2]
        (asked,) = (asked for asked in world.parse(text).story.questions if asked.question == question)
        assert (example.answer, example.steps) == (asked.answer, asked.steps)
    for example in context_examples("problems", 10, seed=0, world=world):
        assert len(example.steps) in (1, 2)
        assert example.steps[-1].endswith(f" = {example.answer}")


@pytest.mark.parametrize(
    ("task", "count", "message"),
    [
        ("letters", MAX_WORDS + 1, "count=11 must be at most 10"),
        ("who", -1, "count=-1 must be at least 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(task, count, message):
    with pytest.raises(ValueError, match=message):
        context_examples(task, count, seed=0)
