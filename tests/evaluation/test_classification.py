import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from lmkit.evaluation import accuracy, calibration, class_scores, confusion_matrix

LABELS = ["bad", "fair", "good", "none"]
answers = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=30)


@settings(max_examples=30, deadline=None)
@given(answers)
def test_scores_equal_those_of_scikit_learn(pairs):
    predictions, targets = map(list, zip(*pairs, strict=True))
    assert accuracy(predictions, targets) == pytest.approx(metrics.accuracy_score(targets, predictions))

    scores = class_scores(predictions, targets)
    labels = sorted({*predictions, *targets})
    assert list(scores.by_class) == labels
    precisions, recalls, f1s, supports = metrics.precision_recall_fscore_support(targets, predictions, zero_division=0)
    for label, *expected in zip(labels, precisions, recalls, f1s, supports, strict=True):
        matches = scores.by_class[label]
        assert [matches.precision, matches.recall, matches.f1, matches.num_expected] == pytest.approx(expected)

    micro = metrics.precision_recall_fscore_support(targets, predictions, average="micro", zero_division=0)
    assert (scores.micro.precision, scores.micro.recall, scores.micro.f1) == pytest.approx(micro[:3])
    assert scores.micro.f1 == pytest.approx(accuracy(predictions, targets))
    macro = metrics.precision_recall_fscore_support(targets, predictions, average="macro", zero_division=0)
    assert (scores.macro_precision, scores.macro_recall, scores.macro_f1) == pytest.approx(macro[:3])

    matrix = confusion_matrix(predictions, targets, LABELS)
    np.testing.assert_array_equal(matrix, metrics.confusion_matrix(targets, predictions, labels=LABELS))


@settings(max_examples=20, deadline=None)
@given(answers)
def test_a_class_can_be_left_out(pairs):
    predictions, targets = map(list, zip(*pairs, strict=True))
    some = LABELS[:3]
    micro = metrics.precision_recall_fscore_support(targets, predictions, labels=some, average="micro", zero_division=0)
    assert class_scores(predictions, targets, some).micro.f1 == pytest.approx(micro[2])


def test_classes_may_be_numbers():
    assert accuracy([0, 1, 2], [0, 1, 1]) == pytest.approx(2 / 3)
    assert class_scores([0, 1, 2], [0, 1, 1]).by_class[1].recall == 0.5
    assert confusion_matrix([0, 1, 2], [0, 1, 1], [0, 1, 2]).tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 0]]


def calibration_error_by_loops(probs, targets, num_bins):
    """The definition, example by example, in plain Python."""
    error = 0.0
    for number in range(num_bins):
        low, high = number / num_bins, (number + 1) / num_bins
        members = [(max(row), row.index(max(row)) == target) for row, target in zip(probs, targets, strict=True)]
        members = [(confidence, right) for confidence, right in members if low < confidence <= high]
        if members:
            mean_confidence = sum(confidence for confidence, _ in members) / len(members)
            mean_right = sum(right for _, right in members) / len(members)
            error += len(members) / len(targets) * abs(mean_right - mean_confidence)
    return error


@pytest.mark.parametrize("num_bins", [1, 2, 10, 15])
@pytest.mark.parametrize("num_examples", [1, 7, 200])
def test_the_calibration_error_equals_a_loop(num_examples, num_bins):
    generator = torch.Generator().manual_seed(num_examples)
    logits = 2 * torch.randn(num_examples, 4, generator=generator, dtype=torch.float64)
    probs, targets = logits.softmax(-1), torch.randint(4, (num_examples,), generator=generator)
    expected = calibration_error_by_loops(probs.tolist(), targets.tolist(), num_bins)
    assert expected > 0
    assert calibration(probs, targets, num_bins).expected_error == pytest.approx(expected, abs=1e-12)


def test_the_reliability_diagram_of_known_predictions():
    probs = torch.tensor([[0.75, 0.25], [0.75, 0.25], [0.0, 1.0], [0.5, 0.5]])
    diagram = calibration(probs, torch.tensor([0, 1, 1, 0]), num_bins=4)
    assert diagram.num_examples.tolist() == [0, 1, 2, 1]  # a confidence on an edge belongs to the bin below
    assert diagram.confidence.tolist() == [0, 0.5, 0.75, 1]
    assert diagram.accuracy.tolist() == [0, 1, 0.5, 1]
    assert diagram.expected_error == pytest.approx(0.25 * 0.5 + 0.5 * 0.25)


def test_a_calibrated_classifier_has_no_error_and_an_arrogant_one_a_large_one():
    generator = torch.Generator().manual_seed(0)
    probs = torch.randn(20_000, 3, generator=generator).softmax(-1)
    targets = torch.multinomial(probs, 1, generator=generator).squeeze(1)
    assert calibration(probs, targets).expected_error < 0.02
    assert calibration((20 * probs.log()).softmax(-1), targets).expected_error > 0.3
    assert len(calibration(probs, targets).num_examples) == 15  # as in the paper


def test_bad_arguments_are_named():
    for score in (accuracy, class_scores):
        with pytest.raises(ValueError, match="predictions has 1 entries and targets 2"):
            score(["good"], ["good", "bad"])
        with pytest.raises(ValueError, match="targets is empty"):
            score([], [])
    with pytest.raises(ValueError, match=r"labels=\['good'\] lacks the classes \['bad'\]"):
        confusion_matrix(["good"], ["bad"], ["good"])
    with pytest.raises(ValueError, match="targets is empty"):
        calibration(torch.empty(0, 2), torch.empty(0, dtype=torch.long))
    with pytest.raises(ValueError, match="num_bins=0 must be at least 1"):
        calibration(torch.ones(1, 1), torch.tensor([0]), num_bins=0)
    with pytest.raises(ValueError, match="give probabilities, not logits"):
        calibration(torch.tensor([[2.0, -1.0]]), torch.tensor([0]))
    with pytest.raises(ValueError, match="give probabilities, not logits"):
        calibration(torch.tensor([[0.5, 0.4]]), torch.tensor([0]))
