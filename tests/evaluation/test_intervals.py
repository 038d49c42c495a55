import itertools
from functools import reduce
from operator import add
from statistics import fmean, median

import numpy as np
import pytest
import torch
from scipy import stats

from lmkit.evaluation import bleu, bootstrap_interval, paired_bootstrap, permutation_test, sentence_bleu


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(num_examples, seed, mean=0.0):
    return (mean + np.random.default_rng(seed).standard_normal(num_examples)).tolist()


def test_the_interval_of_a_mean_equals_scipys():
    scores = normal(60, seed=1)
    ours = bootstrap_interval(scores, generator=seeded(), num_resamples=4000)
    theirs = stats.bootstrap(
        (scores,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    assert ours.value == pytest.approx(np.mean(scores))
    # The bounds of 4000 resamples are known to about 0.04 standard errors of the mean.
    assert [ours.low, ours.high] == pytest.approx([theirs.low, theirs.high], abs=0.2 / 60**0.5)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_intervals_cover_the_truth_as_often_as_they_say(level):
    trials = 250
    covered = 0
    for trial in range(trials):
        interval = bootstrap_interval(
            normal(40, seed=trial, mean=2), generator=seeded(trial), level=level, num_resamples=200
        )
        covered += interval.low <= 2 <= interval.high
    # That of 40 examples is a little narrow: by (39/40)^(1/2), and by the normal in the place of Student's t.
    z = stats.norm.ppf((1 + level) / 2)
    expected = 1 - 2 * stats.t.sf(z * (39 / 40) ** 0.5, df=39)
    low, high = stats.binom.interval(0.999, trials, expected)
    assert low <= covered <= high


def test_wider_levels_and_fewer_examples_give_wider_intervals():
    scores = normal(400, seed=0)

    def width(examples, level=0.95):
        interval = bootstrap_interval(examples, generator=seeded(), level=level)
        return interval.high - interval.low

    assert width(scores, level=0.99) > width(scores) > width(scores, level=0.5)
    assert width(scores[:100]) == pytest.approx(2 * width(scores), rel=0.3)


def test_any_statistic_of_any_examples():
    scores = normal(100, seed=0)
    of_median = bootstrap_interval(scores, median, generator=seeded())
    assert of_median.value == median(scores)
    assert of_median.low < of_median.value < of_median.high

    hypotheses = ["the cat sat on the mat", "a dog ran home", "two birds sing"] * 5
    references = [["the cat sat on a mat"], ["the dog ran home"], ["two birds sing in a tree"]] * 5
    parts = [sentence_bleu(*pair) for pair in zip(hypotheses, references, strict=True)]
    of_bleu = bootstrap_interval(parts, lambda some: reduce(add, some).score, generator=seeded(), num_resamples=200)
    assert of_bleu.value == bleu(hypotheses, references).score
    assert of_bleu.low < of_bleu.value < of_bleu.high


def test_a_seed_gives_the_same_interval_again():
    scores = normal(30, seed=0)
    first, again = (bootstrap_interval(scores, generator=seeded(7)) for _ in range(2))
    assert first == again
    assert bootstrap_interval(scores, generator=seeded(8)) != first


def test_one_example_has_an_interval_of_no_width():
    interval = bootstrap_interval([0.5], generator=seeded())
    assert (interval.low, interval.value, interval.high) == (0.5, 0.5, 0.5)
    assert str(interval) == "0.5 (the same in all resamples, so no 95 % interval)"


def exact_permutation_p_value(first, second):
    """The p-value over all ways to exchange outputs, in whole numbers."""
    differences = [a - b for a, b in zip(first, second, strict=True)]
    sums = [
        sum(sign * d for sign, d in zip(signs, differences, strict=True))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    return fmean(abs(total) >= abs(sum(differences)) for total in sums)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 1, 0, 1, 1, 1, 0, 1, 1, 0], [0, 1, 0, 1, 0, 0, 1, 0, 1, 0]),
        ([3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1, 8]),
        ([9, 8, 7, 9, 8, 9], [1, 2, 3, 1, 2, 1]),
        ([2, 4, 0, 1, 3, 0], [0, 6, 0, 1, 0, 0]),
    ],
)
def test_the_permutation_test_approaches_the_exact_one(first, second):
    exact = exact_permutation_p_value(first, second)
    got = permutation_test(first, second, generator=seeded(), num_resamples=4000)
    assert got == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 4000) ** 0.5 + 1 / 4000)
    tenths = [[score / 10 for score in scores] for scores in (first, second)]
    assert permutation_test(*tenths, generator=seeded(), num_resamples=4000) == got


def test_a_permutation_test_of_any_statistic():
    first, second = [5.0, 9.0, 2.0, 8.0, 7.0, 6.0, 3.0, 9.0, 4.0], [1.0, 2.0, 3.0, 4.0, 5.0, 1.0, 2.0, 3.0, 4.0]
    pairs = list(zip(first, second, strict=True))
    differences = []
    for swaps in itertools.product((0, 1), repeat=len(pairs)):
        one, other = ([pair[swap ^ side] for pair, swap in zip(pairs, swaps, strict=True)] for side in (0, 1))
        differences.append(abs(median(one) - median(other)))
    exact = fmean(difference >= median(first) - median(second) for difference in differences)
    got = permutation_test(first, second, median, generator=seeded(), num_resamples=4000)
    assert got == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 4000) ** 0.5 + 1 / 4000)
    assert exact > 2 * exact_permutation_p_value(first, second)


def test_a_paired_bootstrap_of_any_statistic_and_level():
    first, second = normal(30, seed=0, mean=0.3), normal(30, seed=1)
    got = paired_bootstrap(first, second, median, generator=seeded(), level=0.5, num_resamples=500)
    drawn, differences = seeded(), []
    for _ in range(500):
        indices = torch.randint(30, (30,), generator=drawn).numpy()
        differences.append(np.median(np.array(first)[indices]) - np.median(np.array(second)[indices]))
    observed = np.median(first) - np.median(second)
    assert got.difference.value == pytest.approx(observed)
    assert [got.difference.low, got.difference.high] == pytest.approx(np.quantile(differences, [0.25, 0.75]).tolist())
    extreme = np.abs(differences - np.mean(differences)) >= abs(observed)
    assert got.p_value == pytest.approx((1 + extreme.sum()) / 501)


def test_without_numbers_there_are_1000_resamples_and_a_level_of_95_percent():
    first, second = normal(20, seed=0), normal(20, seed=1)
    options = {"level": 0.95, "num_resamples": 1000}
    assert bootstrap_interval(first, generator=seeded()) == bootstrap_interval(first, generator=seeded(), **options)
    default, explicit = (paired_bootstrap(first, second, generator=seeded(), **some) for some in ({}, options))
    assert default == explicit
    default, explicit = (
        permutation_test(first, second, generator=seeded(), **some) for some in ({}, {"num_resamples": 1000})
    )
    assert default == explicit


def test_equal_systems_are_not_told_apart():
    scores = normal(30, seed=0)
    assert permutation_test(scores, scores, generator=seeded()) == 1
    comparison = paired_bootstrap(scores, scores, generator=seeded())
    assert comparison.p_value == 1
    assert (comparison.difference.low, comparison.difference.high) == (0, 0)


@pytest.mark.parametrize("num_pairs", range(1, 9))
def test_few_pairs_are_no_more_significant_than_in_the_exact_test(num_pairs):
    first, second = [1.0] * num_pairs, [0.0] * num_pairs
    exact = exact_permutation_p_value(first, second)
    assert exact == 2 ** (1 - num_pairs)
    assert paired_bootstrap(first, second, generator=seeded()).p_value == exact


@pytest.mark.parametrize(
    "p_value",
    [
        lambda first, second, seed: permutation_test(first, second, generator=seeded(seed), num_resamples=99),
        lambda first, second, seed: paired_bootstrap(first, second, generator=seeded(seed), num_resamples=99).p_value,
    ],
)
def test_between_equal_systems_one_in_five_tests_has_a_p_value_below_a_fifth(p_value):
    trials = 200
    low, high = stats.binom.interval(0.999, trials, 0.2)
    below = sum(p_value(normal(50, 2 * trial), normal(50, 2 * trial + 1), trial) <= 0.2 for trial in range(trials))
    assert low <= below <= high


def test_paired_bootstrap_agrees_with_students_t_test():
    for shift in (0.0, 0.2, 0.4):
        first = normal(200, seed=3, mean=shift)
        second = normal(200, seed=4)
        comparison = paired_bootstrap(first, second, generator=seeded(), num_resamples=2000)
        theirs = stats.ttest_rel(first, second)
        assert comparison.difference.value == pytest.approx(np.mean(first) - np.mean(second))
        assert comparison.p_value == pytest.approx(theirs.pvalue, abs=0.05)
        bounds = theirs.confidence_interval(0.95)
        assert [comparison.difference.low, comparison.difference.high] == pytest.approx(
            [bounds.low, bounds.high], abs=0.03
        )


def test_pairing_finds_a_small_difference_that_examples_hide():
    difficulty = normal(50, seed=0)
    better = [score + 0.1 + 0.01 * noise for score, noise in zip(difficulty, normal(50, seed=1), strict=True)]
    comparison = paired_bootstrap(better, difficulty, generator=seeded())
    assert comparison.difference.low > 0
    assert comparison.p_value < 0.01
    assert permutation_test(better, difficulty, generator=seeded()) < 0.01
    assert bootstrap_interval(better, generator=seeded()).low < fmean(difficulty)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="there are no examples"):
        bootstrap_interval([], generator=seeded())
    with pytest.raises(ValueError, match=r"level=1.0 must be between 0 and 1"):
        bootstrap_interval([1.0], generator=seeded(), level=1.0)
    with pytest.raises(ValueError, match="num_resamples=0 must be at least 1"):
        bootstrap_interval([1.0], generator=seeded(), num_resamples=0)
    for test in (paired_bootstrap, permutation_test):
        with pytest.raises(ValueError, match="first has 1 examples and second 2"):
            test([1.0], [1.0, 2.0], generator=seeded())
        with pytest.raises(ValueError, match="there are no examples"):
            test([], [], generator=seeded())
