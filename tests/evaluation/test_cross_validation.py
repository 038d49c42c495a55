from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import KFold

from lmkit.evaluation import cross_validate, k_fold


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=30), st.integers(2, 6), st.booleans())
def test_every_example_is_tested_once_and_classes_are_spread(labels, num_folds, stratified):
    num_folds = min(num_folds, len(labels))
    folds = k_fold(len(labels), num_folds, generator=seeded(), labels=labels if stratified else None)
    assert len(folds) == num_folds
    assert sorted(example for fold in folds for example in fold.test) == list(range(len(labels)))
    for fold in folds:
        assert sorted(fold.train + fold.test) == list(range(len(labels)))
    sizes = [len(fold.test) for fold in folds]
    assert sizes == [len(test) for _, test in KFold(num_folds).split(labels)]
    if stratified:
        for label in set(labels):
            counts = [Counter(labels[example] for example in fold.test)[label] for fold in folds]
            assert max(counts) - min(counts) <= 1


def test_without_labels_a_rare_class_can_be_missing_and_with_them_it_is_not():
    labels = [0] * 90 + [1] * 10

    def rare(folds):
        return [sum(labels[example] for example in fold.test) for fold in folds]

    assert rare(k_fold(100, 10, generator=seeded(), labels=labels)) == [1] * 10
    assert min(rare(k_fold(100, 10, generator=seeded()))) == 0


def test_the_order_comes_from_the_generator():
    assert k_fold(50, 5, generator=seeded(1)) == k_fold(50, 5, generator=seeded(1))
    assert k_fold(50, 5, generator=seeded(1)) != k_fold(50, 5, generator=seeded(2))
    labels = [0, 1] * 25
    with_labels = [k_fold(50, 5, generator=seeded(seed), labels=labels) for seed in (1, 2)]
    assert with_labels[0] != with_labels[1]


def test_scores_mean_and_spread():
    folds = k_fold(10, 3, generator=seeded())
    result = cross_validate(lambda train, test: len(train) / len(test), folds)
    assert result.scores == pytest.approx((6 / 4, 7 / 3, 7 / 3))
    assert result.mean == pytest.approx((6 / 4 + 7 / 3 + 7 / 3) / 3)
    assert result.standard_deviation == pytest.approx(torch.tensor(result.scores, dtype=torch.float64).std().item())


def test_a_model_that_learns_its_training_examples_by_heart_is_found_out():
    labels = torch.randint(2, (200,), generator=seeded()).tolist()

    def train_and_score(train, test):
        known = {example: labels[example] for example in train}
        return sum(known.get(example) == labels[example] for example in test) / len(test)

    assert cross_validate(train_and_score, k_fold(200, 5, generator=seeded())).mean == 0


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="num_folds=1 must be between 2 and num_examples=5"):
        k_fold(5, 1, generator=seeded())
    with pytest.raises(ValueError, match="num_folds=6 must be between 2 and num_examples=5"):
        k_fold(5, 6, generator=seeded())
    with pytest.raises(ValueError, match="labels has 1 entries"):
        k_fold(5, 2, generator=seeded(), labels=["a"])
    with pytest.raises(ValueError, match="folds has 0 entries"):
        cross_validate(lambda train, test: 0.0, [])
