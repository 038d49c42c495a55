import itertools
import math
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lmkit.models import AdditiveNGram, KneserNeyNGram, count_ngrams

STREAM = [0, 1, 2, 0, 1, 3, 0, 1, 2, 2, 2, 1, 0, 3, 3, 0, 1]
VOCAB_SIZE = 5  # one token, 4, never occurs

streams = st.lists(st.integers(0, VOCAB_SIZE - 1), min_size=1, max_size=40)
orders = st.integers(1, 4)


def occurrences(gram):
    return sum(tuple(STREAM[i : i + len(gram)]) == gram for i in range(len(STREAM) - len(gram) + 1))


def reference_kneser_ney(token, context, order):
    """The definition, by scanning the stream for every number it needs, in exact fractions."""

    def count(gram):
        if len(gram) == order:
            return occurrences(gram)
        return sum(occurrences((left, *gram)) > 0 for left in range(VOCAB_SIZE))

    def discount(length):
        grams = [count(gram) for gram in itertools.product(range(VOCAB_SIZE), repeat=length)]
        n1, n2 = grams.count(1), grams.count(2)
        return Fraction(n1, n1 + 2 * n2) if n1 else Fraction(3, 4)

    def probability(context):
        lower = probability(context[1:]) if context else Fraction(1, VOCAB_SIZE)
        followers = [count((*context, follower)) for follower in range(VOCAB_SIZE)]
        if sum(followers) == 0:
            return lower
        d = discount(len(context) + 1)
        types = sum(follower > 0 for follower in followers)
        return (max(followers[token] - d, 0) + d * types * lower) / sum(followers)

    return probability(context)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_kneser_ney_equals_its_definition(order):
    model = KneserNeyNGram(STREAM, order=order, vocab_size=VOCAB_SIZE)
    for context in itertools.product(range(VOCAB_SIZE), repeat=order - 1):
        for token in range(VOCAB_SIZE):
            expected = float(reference_kneser_ney(token, context, order))
            assert model.probability(token, context) == pytest.approx(expected, abs=1e-14)


@given(streams, orders, st.lists(st.integers(0, VOCAB_SIZE - 1), max_size=6))
def test_a_distribution_has_the_probability_of_each_token(stream, order, context):
    model = KneserNeyNGram(stream, order=order, vocab_size=VOCAB_SIZE)
    expected = [model.probability(token, context) for token in range(VOCAB_SIZE)]
    assert model.next_token_distribution(context).tolist() == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_additive_equals_its_definition(order):
    model = AdditiveNGram(STREAM, order=order, vocab_size=VOCAB_SIZE, alpha=0.3)
    for context in itertools.product(range(VOCAB_SIZE), repeat=order - 1):
        total = sum(occurrences((*context, follower)) for follower in range(VOCAB_SIZE))
        for token in range(VOCAB_SIZE):
            expected = (occurrences((*context, token)) + 0.3) / (total + 0.3 * VOCAB_SIZE)
            assert model.probability(token, context) == pytest.approx(expected, abs=1e-14)


def both_models(stream, order):
    yield AdditiveNGram(stream, order=order, vocab_size=VOCAB_SIZE, alpha=0.5)
    yield KneserNeyNGram(stream, order=order, vocab_size=VOCAB_SIZE)
    yield KneserNeyNGram(stream, order=order, vocab_size=VOCAB_SIZE, discount=0.6)


@settings(deadline=None)
@given(stream=streams, order=orders, context=streams)
def test_probabilities_are_positive_and_sum_to_one_after_any_context(stream, order, context):
    for model in both_models(stream, order):
        distribution = model.next_token_distribution(context)
        assert (distribution > 0).all()
        assert distribution.sum().item() == pytest.approx(1, abs=1e-12)


@settings(deadline=None)
@given(stream=streams, order=orders, text=streams)
def test_scoring_a_sequence_follows_the_chain_rule(stream, order, text):
    for model in both_models(stream, order):
        expected = math.prod(model.next_token_distribution(text[:t])[token].item() for t, token in enumerate(text))
        assert model.log_probs(text).sum().exp().item() == pytest.approx(expected, rel=1e-9)


def test_forward_gives_the_log_probabilities_of_the_token_after_each_position():
    model = KneserNeyNGram(STREAM, order=3, vocab_size=VOCAB_SIZE)
    token_ids = torch.tensor([STREAM[:6], STREAM[6:12]])
    logits = model(token_ids)
    for row, logits_TV in zip(token_ids, logits, strict=True):
        picked = logits_TV[:-1].gather(1, row[1:, None]).squeeze(1)
        torch.testing.assert_close(picked, model.log_probs(row)[1:], atol=1e-12, rtol=0)
    torch.testing.assert_close(logits.logsumexp(-1), torch.zeros(2, 6, dtype=torch.float64), atol=1e-12, rtol=0)


def test_a_token_that_follows_one_token_only_is_unlikely_elsewhere():
    # 1 follows only 0, but often; 2 is as frequent and follows everything.
    stream = [0, 1, 0, 1, 0, 1, 3, 2, 0, 2, 4, 2]
    model = KneserNeyNGram(stream, order=2, vocab_size=6)
    assert stream.count(1) == stream.count(2)
    assert model.probability(1, [5]) < model.probability(2, [5])  # 5 was never seen: the unigrams decide


def test_samples_follow_the_distribution():
    model = AdditiveNGram(STREAM, order=2, vocab_size=VOCAB_SIZE)
    generator = torch.Generator().manual_seed(0)
    draws = torch.tensor([model.sample(1, generator, prompt=[0])[0] for _ in range(4000)])
    expected = model.next_token_distribution([0])
    observed = draws.bincount(minlength=VOCAB_SIZE) / 4000
    # Five standard errors of a share: exceeded by chance once in about a million runs.
    assert ((observed - expected).abs() <= 5 * (expected * (1 - expected) / 4000).sqrt()).all()


def test_sampling_is_reproducible_and_leaves_the_prompt_out():
    model = KneserNeyNGram(STREAM, order=3, vocab_size=VOCAB_SIZE)
    first, second = (model.sample(20, torch.Generator().manual_seed(7), prompt=[0, 1]) for _ in range(2))
    assert first == second
    assert len(first) == 20


def test_counts_of_a_tensor_and_of_a_list_are_the_same():
    assert count_ngrams(torch.tensor(STREAM), 2) == count_ngrams(STREAM, 2)
    assert count_ngrams(STREAM, 2)[0, 1] == occurrences((0, 1))
    assert count_ngrams(STREAM, len(STREAM) + 1) == {}


def test_the_smallest_models_there_are():
    for model in (AdditiveNGram([0, 0], order=1, vocab_size=1), KneserNeyNGram([0], order=1, vocab_size=1)):
        assert model.next_token_distribution([]).tolist() == [1]


def test_additive_smoothing_is_laplaces_rule_by_default():
    model = AdditiveNGram([0, 1, 1], order=1, vocab_size=3)
    assert model.next_token_distribution([]).tolist() == pytest.approx([2 / 6, 3 / 6, 1 / 6])


def test_a_given_discount_is_that_of_all_orders():
    model = KneserNeyNGram(STREAM, order=3, vocab_size=VOCAB_SIZE, discount=0.6)
    assert model.discounts == [0.6] * 3


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="order=0 must be at least 1"):
        KneserNeyNGram(STREAM, order=0, vocab_size=VOCAB_SIZE)
    with pytest.raises(ValueError, match="order=0 must be at least 1"):
        count_ngrams(STREAM, 0)
    with pytest.raises(ValueError, match="vocab_size=0 must be at least 1"):
        AdditiveNGram(STREAM, order=1, vocab_size=0)
    with pytest.raises(ValueError, match="token id 3 at position 5 is outside vocab_size=3"):
        AdditiveNGram(STREAM, order=1, vocab_size=3)
    model = KneserNeyNGram(STREAM, order=2, vocab_size=VOCAB_SIZE)
    for token in (-1, VOCAB_SIZE):
        message = f"token id {token} at position 1 is outside vocab_size=5"
        with pytest.raises(ValueError, match=message):
            KneserNeyNGram([0, token], order=2, vocab_size=VOCAB_SIZE)
        with pytest.raises(ValueError, match=message):
            model.log_probs([0, token])
        with pytest.raises(ValueError, match=message):
            model.sample(1, torch.Generator(), prompt=[0, token])
    with pytest.raises(ValueError, match="alpha=0.0 must be greater than 0"):
        AdditiveNGram(STREAM, order=1, vocab_size=VOCAB_SIZE, alpha=0.0)
    for discount in (0.0, 1.0):
        with pytest.raises(ValueError, match=f"discount={discount} must lie between 0 and 1"):
            KneserNeyNGram(STREAM, order=1, vocab_size=VOCAB_SIZE, discount=discount)
    with pytest.raises(ValueError, match="token_stream is empty"):
        KneserNeyNGram([], order=1, vocab_size=VOCAB_SIZE)
