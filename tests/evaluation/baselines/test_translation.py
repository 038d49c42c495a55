from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest

from lmkit.evaluation.baselines import WordTranslation, ibm_model_1
from lmkit.tasks import TextToText
from lmkit.tokenizers import train_bpe

# das Haus - the house, das Buch - the book, ein Buch - a book
PAIRS = [([0, 1], [0, 1]), ([0, 2], [0, 2]), ([3, 2], [3, 2])]


def expectation_maximisation(pairs, num_iterations):
    """The same with dictionaries and loops, from the definition."""
    pieces = {piece for _, target in pairs for piece in target}
    table = defaultdict(lambda: 1 / len(pieces))
    for _ in range(num_iterations):
        counts, totals = defaultdict(float), defaultdict(float)
        for source, target in pairs:
            for piece in target:
                norm = sum(table[word, piece] for word in source)
                for word in source:
                    counts[word, piece] += table[word, piece] / norm
                    totals[word] += table[word, piece] / norm
        table = defaultdict(float, {(word, piece): count / totals[word] for (word, piece), count in counts.items()})
    return table


def test_first_iteration_by_hand():
    """Each of two pieces is shared out in halves, so t(the | das) = (1/2 + 1/2) / 2, t(house | das) = 1/2 / 2."""
    table = ibm_model_1(PAIRS, num_words=4, num_pieces=4, num_iterations=1)
    expected = [[0.5, 0.25, 0.25, 0], [0.5, 0.5, 0, 0], [0.25, 0, 0.5, 0.25], [0, 0, 0.5, 0.5]]
    np.testing.assert_allclose(table, expected, rtol=1e-14)


def test_table_is_that_of_loops():
    random = np.random.default_rng(0)
    pairs = [
        (random.integers(0, 6, size=4).tolist(), random.integers(0, 5, size=random.integers(1, 6)).tolist())
        for _ in range(20)
    ]
    table = ibm_model_1(pairs, num_words=6, num_pieces=5, num_iterations=7)
    expected = expectation_maximisation(pairs, 7)
    np.testing.assert_allclose(table, [[expected[word, piece] for piece in range(5)] for word in range(6)], atol=1e-14)
    np.testing.assert_allclose(table.sum(axis=1), 1, rtol=1e-14)


def test_words_find_their_translations():
    table = ibm_model_1(PAIRS, num_words=5, num_pieces=4, num_iterations=30)
    assert table[:4].argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert table[4].tolist() == [0, 0, 0, 0]


def test_likelihood_never_falls():
    def log_likelihood(table):
        return sum(np.log(table[source][:, target].mean(axis=0)).sum() for source, target in PAIRS)

    values = [
        log_likelihood(ibm_model_1(PAIRS, num_words=4, num_pieces=4, num_iterations=number)) for number in range(1, 9)
    ]
    assert all(later > earlier for earlier, later in pairwise(values))


def test_words_are_translated_in_order():
    pairs = [("the house", "房子"), ("the book", "书"), ("a book", "书"), ("house", "房子"), ("a drum", "鼓")]
    pairs = [TextToText(source=source, target=target) for source, target in pairs]
    tokenizer = train_bpe([pair.target for pair in pairs] * 9, 300, (), progress=False)
    translation = WordTranslation(tokenizer, num_iterations=20).fit(pairs)
    assert translation.predict(["Book house!", "house, unknown, drum", ""]) == ["书房子", "房子鼓", ""]


def test_nothing_to_learn_is_refused():
    with pytest.raises(ValueError, match="pairs is empty"):
        ibm_model_1([], num_words=1, num_pieces=1)
    with pytest.raises(ValueError, match="num_iterations=0 must be at least 1"):
        ibm_model_1(PAIRS, num_words=4, num_pieces=4, num_iterations=0)


def test_there_are_five_iterations_unless_told_otherwise():
    sizes = {"num_words": 4, "num_pieces": 4}
    default = ibm_model_1(PAIRS, **sizes).tolist()
    fourth, fifth = (ibm_model_1(PAIRS, **sizes, num_iterations=number).tolist() for number in (4, 5))
    assert default == fifth != fourth
    tokenizer = train_bpe(["ab"], 256, (), progress=False)
    with pytest.raises(ValueError, match="num_iterations=0 must be at least 1"):
        WordTranslation(tokenizer, num_iterations=0).fit([TextToText(source="a", target="b")])
