import math

import pytest
import torch
from scipy import stats
from transformers import MinPLogitsWarper, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from lmkit.functional import IGNORE_ID, softmax
from lmkit.generation import greedy, min_p, repetition_penalty, temperature, top_k, top_p

PROBS = torch.tensor([0.1, 0.4, 0.05, 0.25, 0.2])
LOGITS = PROBS.log() + 3
ALL = [0, 1, 2, 3, 4]


def draws(choose_next, logits=LOGITS, count=20000, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.bincount(choose_next(logits.expand(count, -1), generator=generator), minlength=len(logits))


def assert_drawn_from(counts, probs):
    """Chi-squared test. With a fixed seed it cannot fail by chance from one run to the next."""
    assert (counts[probs == 0] == 0).all()
    kept = probs > 0
    if kept.sum() > 1:
        expected = probs[kept].double() / probs[kept].double().sum() * counts.sum()
        assert stats.chisquare(counts[kept].double(), expected).pvalue > 1e-4


def test_greedy_takes_the_most_probable():
    assert greedy(torch.stack([LOGITS, -LOGITS])).tolist() == [1, 2]
    assert greedy(torch.tensor([[0.0, 1.0, 1.0], [2.0, 2.0, 2.0]])).tolist() == [1, 0]  # the first of equals


@pytest.mark.parametrize("value", [0.5, 1.0, 2.0])
def test_temperature_draws_from_the_tempered_softmax(value):
    assert_drawn_from(draws(temperature(value)), softmax(LOGITS, value))


def test_low_temperature_is_greedy():
    assert draws(temperature(0.01)).tolist() == [0, 20000, 0, 0, 0]


@pytest.mark.parametrize("k", [1, 2, 3, 5, 50])
def test_the_support_of_top_k_is_k(k):
    probs = PROBS.clone()
    probs[PROBS.argsort(descending=True)[k:]] = 0
    counts = draws(top_k(k))
    assert (counts > 0).sum() == min(k, 5)
    assert_drawn_from(counts, probs)


@pytest.mark.parametrize(("p", "kept"), [(0.01, [1]), (0.39, [1]), (0.5, [1, 3]), (0.86, [0, 1, 3, 4]), (1.0, ALL)])
def test_top_p_keeps_the_smallest_set_that_reaches_p(p, kept):
    probs = torch.zeros(5)
    probs[kept] = PROBS[kept]
    assert_drawn_from(draws(top_p(p)), probs)


def test_top_p_has_reached_its_share_when_rounding_says_almost():
    probs = torch.tensor([0.5, 0.3, 0.1, 0.1])  # in fp32 the first two sum to less than 0.8
    assert draws(top_p(0.8), probs.log())[2:].sum() == 0
    assert draws(top_p(1e-7), probs.log())[1:].sum() == 0


def test_top_p_of_one_keeps_even_what_rounding_hides():
    rare = torch.tensor([30.0, 0.0])  # the other one has a probability of 1 - 1e-13, in fp32 1
    seen = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(torch, "multinomial", lambda probs, *_, **__: seen.append(probs) or torch.zeros(1, 1).long())
        top_p(1.0)(rare[None])
    assert (seen[0] > 0).all()


def test_top_p_after_top_k_takes_its_share_of_what_is_left():
    # Of the two best, 0.4 and 0.25, the first has 62 % of the rest.
    assert_drawn_from(draws(top_p(0.6, k=2)), torch.tensor([0, 0.4, 0, 0, 0]))
    assert_drawn_from(draws(top_p(0.63, k=2)), torch.tensor([0, 0.4, 0, 0.25, 0]))
    assert_drawn_from(draws(top_p(1.0, k=1)), torch.tensor([0, 0.4, 0, 0, 0]))


@pytest.mark.parametrize(("p", "kept"), [(0.0, ALL), (0.2, [0, 1, 3, 4]), (0.55, [1, 3]), (1.0, [1])])
def test_min_p_is_relative_to_the_most_probable(p, kept):
    probs = torch.zeros(5)
    probs[kept] = PROBS[kept]
    assert_drawn_from(draws(min_p(p)), probs)


@pytest.mark.parametrize(
    "make",
    [lambda: top_k(5, temperature=0.5), lambda: top_p(1.0, temperature=0.5), lambda: min_p(0.0, temperature=0.5)],
)
def test_temperature_comes_first_everywhere(make):
    assert_drawn_from(draws(make()), softmax(LOGITS, 0.5))


@pytest.mark.parametrize(
    ("choose_next", "warpers"),
    [
        (temperature(0.5), [TemperatureLogitsWarper(0.5)]),
        (top_k(3, temperature=0.5), [TemperatureLogitsWarper(0.5), TopKLogitsWarper(3)]),
        (top_p(0.7, temperature=2.0), [TemperatureLogitsWarper(2.0), TopPLogitsWarper(0.7)]),
        (top_p(0.7, k=4, temperature=2.0), [TemperatureLogitsWarper(2.0), TopKLogitsWarper(4), TopPLogitsWarper(0.7)]),
        (min_p(0.2, temperature=2.0), [TemperatureLogitsWarper(2.0), MinPLogitsWarper(0.2)]),
    ],
)
def test_the_distribution_is_that_of_transformers(choose_next, warpers, monkeypatch):
    """With a temperature that decides how many tokens the cut-off keeps."""
    logits = 3 * torch.randn(6, 9, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    expected = logits
    for warper in warpers:
        expected = warper(None, expected)
    expected = torch.softmax(expected, dim=-1).sort(dim=-1, descending=True).values
    drawn = []
    monkeypatch.setattr(
        torch, "multinomial", lambda probs, *_, **__: drawn.append(probs) or torch.zeros(len(probs), 1).long()
    )
    choose_next(logits)
    probs = (drawn[0] / drawn[0].sum(dim=-1, keepdim=True)).sort(dim=-1, descending=True).values
    probs = torch.nn.functional.pad(probs, (0, 9 - probs.shape[1]))  # top_k draws from the k best alone
    torch.testing.assert_close(probs, expected, atol=1e-12, rtol=0)


def test_repetition_penalty_equals_transformers():
    from transformers import RepetitionPenaltyLogitsProcessor

    logits = torch.randn(2, 7, generator=torch.Generator().manual_seed(0))
    token_ids = torch.tensor([[0, 3, 3], [6, 1, 0]])
    seen = []
    choose = repetition_penalty(1.5, lambda logits, **_: seen.append(logits) or logits.argmax(-1))
    choose(logits, token_ids=token_ids)
    assert torch.equal(seen[0], RepetitionPenaltyLogitsProcessor(1.5)(token_ids, logits.clone()))


@pytest.mark.parametrize(
    "choose_next",
    [temperature(0.7), top_k(2), top_p(0.6), top_p(0.6, k=3), min_p(0.3), repetition_penalty(1.5, temperature(1.0))],
)
def test_each_row_of_a_batch_is_drawn_from_as_if_alone(choose_next, monkeypatch):
    """Sure, unsure and equal rows together: a cut-off taken over the batch would show."""
    rows = torch.stack([LOGITS, 10 * LOGITS, torch.zeros(5), -LOGITS])
    token_ids = torch.tensor([[0, 1], [4, 4], [2, 0], [3, 1]])
    drawn = []
    monkeypatch.setattr(
        torch, "multinomial", lambda probs, *_, **__: drawn.append(probs) or torch.zeros(len(probs), 1).long()
    )
    choose_next(rows, token_ids=token_ids)
    for row, ids in zip(rows, token_ids, strict=True):
        choose_next(row[None], token_ids=ids[None])
    torch.testing.assert_close(drawn[0], torch.cat(drawn[1:]))


def test_repetition_penalty_hands_on_what_it_was_given():
    given = {"token_ids": torch.tensor([[0, 1]]), "generator": torch.Generator()}
    received = []
    repetition_penalty(1.5, lambda logits, **options: received.append(options) or greedy(logits))(
        torch.zeros(1, 3), **given
    )
    assert received[0]["generator"] is given["generator"]
    assert received[0]["token_ids"] is given["token_ids"]


def test_a_penalty_of_one_changes_nothing():
    logits = torch.randn(2, 7, generator=torch.Generator().manual_seed(0))
    seen = []
    repetition_penalty(1.0, lambda logits, **_: seen.append(logits) or greedy(logits))(
        logits, token_ids=torch.tensor([[0, 3], [6, 1]])
    )
    assert torch.equal(seen[0], logits)


def test_repetition_penalty_does_not_count_padding():
    chosen = repetition_penalty(100.0, greedy)(
        torch.tensor([[1.0, 3.0, 2.0]]), token_ids=torch.tensor([[IGNORE_ID, 1]])
    )
    assert chosen.tolist() == [2]
    with pytest.raises(RuntimeError, match="index -1 is out of bounds"):
        repetition_penalty(2.0, greedy)(torch.zeros(1, 3), token_ids=torch.tensor([[-1]]))
    with pytest.raises(ValueError, match="token_ids is None"):
        repetition_penalty(2.0, greedy)(torch.zeros(1, 3))


@pytest.mark.parametrize(
    "choose_next",
    [temperature(1.0), top_k(3), top_p(0.9), top_p(0.9, k=4), min_p(0.1), repetition_penalty(1.2, temperature(1.0))],
)
def test_the_generator_alone_decides_what_is_drawn(choose_next):
    def draw(seed):
        generator = torch.Generator().manual_seed(seed)
        return choose_next(LOGITS.expand(200, -1), token_ids=torch.zeros(200, 1).long(), generator=generator)

    global_state = torch.get_rng_state()
    first, same, other = draw(1), draw(1), draw(2)
    assert torch.equal(first, same)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), global_state)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: temperature(0.0), "temperature=0.0 must be greater than 0"),
        (lambda: temperature(math.nan), "temperature=nan must be greater than 0"),
        (lambda: top_k(0), "k=0 must be at least 1"),
        (lambda: top_k(2, temperature=0.0), "temperature=0.0 must be greater than 0"),
        (lambda: top_p(0.0), "p=0.0 must be greater than 0"),
        (lambda: top_p(1.5), "p=1.5 must be greater than 0 and at most 1"),
        (lambda: top_p(0.5, k=0), "k=0 must be at least 1"),
        (lambda: top_p(0.5, temperature=0.0), "temperature=0.0 must be greater than 0"),
        (lambda: min_p(1.5), "p=1.5 must be between 0 and 1"),
        (lambda: min_p(-0.5), "p=-0.5 must be between 0 and 1"),
        (lambda: min_p(0.5, temperature=0.0), "temperature=0.0 must be greater than 0"),
        (lambda: repetition_penalty(0.0, greedy), "penalty=0.0 must be greater than 0"),
    ],
)
def test_what_is_out_of_range_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
