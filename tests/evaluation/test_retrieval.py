from statistics import fmean

import numpy as np
import pytest
from sklearn.metrics import label_ranking_average_precision_score, top_k_accuracy_score

from lmkit.evaluation import recall_at_k, reciprocal_ranks


def test_with_one_relevant_document_both_equal_scikit_learn():
    generator = np.random.default_rng(0)
    scores = generator.random((40, 12))
    wanted = generator.integers(12, size=40)
    rankings = (-scores).argsort(axis=1).tolist()
    relevant = [{document} for document in wanted.tolist()]
    for k in (1, 3, 12):
        expected = top_k_accuracy_score(wanted, scores, k=k, labels=range(12)) if k < 12 else 1
        assert fmean(recall_at_k(rankings, relevant, k)) == pytest.approx(expected)
    expected = label_ranking_average_precision_score(np.eye(12)[wanted], scores)
    assert fmean(reciprocal_ranks(rankings, relevant)) == pytest.approx(expected)


def test_several_relevant_documents():
    ranking, relevant = ["c", "a", "d", "b"], ["a", "b", "z"]
    assert [recall_at_k([ranking], [relevant], k)[0] for k in (1, 2, 3, 4, 9)] == pytest.approx(
        [0, 1 / 3, 1 / 3, 2 / 3, 2 / 3]
    )
    assert reciprocal_ranks([ranking], [relevant]) == [0.5]


def test_edge_cases():
    assert recall_at_k([[]], [{1}], 1) == [0]
    assert reciprocal_ranks([[]], [{1}]) == [0]
    assert recall_at_k([[5, 5, 1]], [[5, 5]], 2) == [1]  # a document counts once
    assert reciprocal_ranks([[1], [2, 1]], [{1}, {1}]) == [1, 0.5]


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="k=0 must be at least 1"):
        recall_at_k([[1]], [{1}], 0)
    with pytest.raises(ValueError, match="rankings has 1 queries and relevant 0"):
        reciprocal_ranks([[1]], [])
    with pytest.raises(ValueError, match="rankings is empty"):
        recall_at_k([], [], 1)
    with pytest.raises(ValueError, match=r"relevant\[0\] is empty"):
        reciprocal_ranks([[1]], [set()])
