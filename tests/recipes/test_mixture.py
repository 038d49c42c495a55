import math
from collections import Counter
from random import Random
from typing import get_args

import pytest

from lmkit.recipes.mixture import EXAMPLE_SHARES, MIXTURE_SHARES, Kind, draw_document, mixture
from lmkit.storyworld import StoryWorld
from lmkit.tasks import ContextTask


@pytest.fixture(scope="module")
def documents():
    return list(mixture(600, seed=9))


def texts(documents, kind):
    found = [(document.prompt, document.answer) for document in documents if document.kind == kind]
    assert found
    return found


def test_the_kinds_have_their_shares(documents):
    assert math.fsum(MIXTURE_SHARES.values()) == pytest.approx(1)
    assert set(MIXTURE_SHARES) == set(get_args(Kind))
    counts = Counter(document.kind for document in documents)
    for kind, share in MIXTURE_SHARES.items():
        error = math.sqrt(share * (1 - share) / len(documents))
        assert counts[kind] / len(documents) == pytest.approx(share, abs=4 * error)


def test_the_documents_depend_on_the_seed_alone(documents):
    assert list(mixture(20, seed=9)) == documents[:20]
    assert list(mixture(20, seed=8)) != documents[:20]


def test_two_tasks_are_kept_back():
    assert set(get_args(ContextTask)) - set(EXAMPLE_SHARES) == {"time", "new letters"}


def test_what_follows_is_true_of_what_was_said(documents):
    world = StoryWorld()
    for prompt, text in texts(documents, "stories"):
        assert prompt == ""
        assert world.log_prob(text) > -math.inf
    for prompt, summary in texts(documents, "summaries"):
        story = world.parse(prompt.removesuffix("\nSummary:")).story
        assert summary == f" {story.summary}"
    for prompt, answer in texts(documents, "questions"):
        request = prompt.removeprefix("Question: ").removesuffix("\nAnswer:")
        text, _, question = request.rpartition(". ")
        (asked,) = (asked for asked in world.parse(f"{text}.").story.questions if asked.question == question)
        assert answer in (f" {asked.answer}", f" {'; '.join([*asked.steps, asked.answer])}")
    for prompt, answer in texts(documents, "problems"):
        assert prompt.startswith("Question: ")
        assert prompt.endswith("?\nAnswer:")
        assert answer.rpartition(" = ")[2] in (answer, f"{answer.rpartition(' ')[2]}; {answer.rpartition(' ')[2]}")


def test_translations_go_both_ways(documents):
    found = texts(documents, "translations")
    assert {prompt.split(":")[0] for prompt, _ in found} == {"English", "Chinese"}
    for prompt, answer in found:
        assert prompt.endswith("\nChinese:" if prompt.startswith("English: ") else "\nEnglish:")
        source = prompt.split(": ", 1)[1].rpartition("\n")[0]
        english, chinese = (source, answer) if prompt.startswith("English") else (answer, source)
        assert english.isascii()
        assert not any(letter.isascii() for letter in chinese.strip())


def test_examples_have_their_steps_all_or_none():
    world, with_steps = StoryWorld(), set()
    for seed in range(300):
        document = draw_document("examples", world, Random(seed))
        shown = (document.prompt + document.answer).split("\n\n")
        assert 2 <= len(shown) <= 10
        if "how many" in document.prompt.lower():
            has_steps = {" = " in example.partition("\nAnswer:")[2] for example in shown}
            assert len(has_steps) == 1
            with_steps |= has_steps
    assert with_steps == {True, False}
