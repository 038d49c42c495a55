import pytest
import torch

from lmkit.functional import IGNORE_ID
from lmkit.tasks import RecallTask


def read(task, text):
    """Go through a text as a person would: what was told, and how far back, at each question."""
    told, found = {}, {}
    for position, token in enumerate(task.vocabulary[i] for i in text.tolist()):
        if ":" in token:
            person, thing = token.split(":")
            told[person] = (position, thing)
        elif token.endswith("?"):
            found[position] = (told[token[:-1]][1], position + 1 - told[token[:-1]][0])
    return found


@pytest.mark.parametrize(("num_people", "num_slots"), [(8, 20), (8, 16), (3, 9), (1, 2)])
def test_each_answer_is_in_the_text(num_people, num_slots):
    task = RecallTask(num_people=num_people, num_slots=num_slots)
    texts = task.draw(50, torch.Generator().manual_seed(0))
    assert texts.shape == (50, task.text_length)
    distances, batch = task.distances(texts), task.batch(texts)
    for row, text in enumerate(texts):
        questions = read(task, text)
        assert len(questions) == num_people
        for position, (thing, distance) in questions.items():
            assert task.vocabulary[text[position + 1]] == thing
            assert distances[row, position] == distance
            assert batch.targets[row, position] == text[position + 1]
        assert (distances[row] > 0).sum() == (batch.targets[row] != IGNORE_ID).sum() == num_people


def test_facts_cannot_be_learned_beforehand():
    task = RecallTask()
    texts = task.draw(4000, torch.Generator().manual_seed(1))
    answers = texts[:, 1:][task.distances(texts)[:, :-1] > 0]
    shares = answers.bincount(minlength=8) / len(answers)
    assert shares.shape == (8,)
    assert (shares - 1 / 8).abs().max() < 0.01
    assert set(task.distances(texts).unique().tolist()) >= set(range(2, 24))
    assert texts.unique().tolist() == list(range(len(task.vocabulary)))  # every fact and every filler comes


def test_a_generator_decides():
    task = RecallTask()
    first, again, other = (task.draw(3, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"num_people": 0}, "num_people=0 must be from 1 to 8"),
        ({"num_people": 9}, "num_people=9 must be from 1 to 8"),
        ({"num_people": 3, "num_slots": 5}, "num_slots=5 has no room for 3 facts"),
    ],
)
def test_sizes_that_do_not_fit(sizes, message):
    with pytest.raises(ValueError, match=message):
        RecallTask(**sizes)
