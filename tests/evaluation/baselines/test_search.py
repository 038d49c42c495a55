import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmkit.evaluation.baselines import BM25, TfidfSearch

WORDS = st.lists(st.sampled_from("abcde"), max_size=8)


def test_bm25_by_hand():
    """Three documents of 2, 4 and 3 words, mean 3; "kite" is in two of them, twice in the second."""
    search = BM25(["red kite", "kite kite blue sky", "an old drum"], k1=2.0, b=0.5)
    rarity = math.log(1 + 1.5 / 2.5)
    first = 3 * 1 / (1 + 2 * (0.5 + 0.5 * 2 / 3))
    second = 3 * 2 / (2 + 2 * (0.5 + 0.5 * 4 / 3))
    np.testing.assert_allclose(search.scores("Kite?"), [rarity * first, rarity * second, 0], rtol=1e-14)
    assert search.search("Kite?", 3) == [1, 0, 2]


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6).filter(any), WORDS, st.floats(0.0, 3.0), st.floats(0.0, 1.0))
def test_bm25_is_its_formula(documents, query, k1, b):
    mean_length = sum(map(len, documents)) / len(documents)
    expected = []
    for document in documents:
        score = 0.0
        for word in query:
            frequency = document.count(word)
            if frequency:
                num_with = sum(word in other for other in documents)
                odds = (len(documents) - num_with + 0.5) / (num_with + 0.5)
                norm = k1 * (1 - b + b * len(document) / mean_length)
                score += math.log(1 + odds) * (k1 + 1) * frequency / (frequency + norm)
        expected.append(score)
    scores = BM25([" ".join(each) for each in documents], k1=k1, b=b).scores(" ".join(query))
    np.testing.assert_allclose(scores, expected, rtol=1e-12, atol=1e-14)


def test_the_usual_values_of_k1_and_b():
    documents = ["a b a", "b c", "a d e f"]
    expected = BM25(documents, k1=1.2, b=0.75).scores("a b")
    assert BM25(documents).scores("a b").tolist() == expected.tolist()
    for allowed in ({"k1": 0.0}, {"b": 0.0}, {"b": 1.0}):
        assert BM25(documents, **allowed).scores("a b").tolist() != expected.tolist()


def test_documents_without_words_are_never_found():
    assert BM25(["", "!"]).scores("a").tolist() == [0, 0]


def test_tfidf_by_hand():
    """Weights are counts times 1 + log((1 + N) / (1 + n)), made to length one."""
    documents = ["a b", "a a c", "d"]
    common, rare = 1 + math.log(4 / 3), 1 + math.log(4 / 2)
    query = np.array([common, rare]) / math.hypot(common, rare)  # a and c
    first = common / math.hypot(common, rare) * query[0]
    second = (2 * common * query[0] + rare * query[1]) / math.hypot(2 * common, rare)
    search = TfidfSearch(documents)
    np.testing.assert_allclose(search.scores("c a"), [first, second, 0], rtol=1e-12)
    assert search.search("c a", 2) == [1, 0]


@pytest.mark.parametrize("kind", [BM25, TfidfSearch])
def test_what_both_have_in_common(kind):
    search = kind(["a b", "a b", "c"])
    assert search.search("a", 9) == [0, 1, 2]  # equally good ones in order, and no more than there are
    assert search.scores("zzz").tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="k=0 must be at least 1"):
        search.search("a", 0)
    with pytest.raises(ValueError, match="documents is empty"):
        kind([])
    assert kind(["好天", "坏天"], list).search("坏", 1) == [1]


def test_knobs_of_bm25_are_checked():
    with pytest.raises(ValueError, match=r"k1=-0.1 must not be negative"):
        BM25(["a"], k1=-0.1)
    with pytest.raises(ValueError, match=r"b=1.5 must be between 0 and 1"):
        BM25(["a"], b=1.5)
