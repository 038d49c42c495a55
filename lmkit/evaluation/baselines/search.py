"""Baselines for search: rank documents by the query's words, weighted by how rare they are."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from lmkit.evaluation.words import Tokenize, lowercase_words


class BM25:
    r"""Search by words: rare words weigh more, and repetitions and long documents have a diminishing effect.

    The score of document $d$ for query $q$ over $N$ documents, of which $n_w$ have the word $w$, is

    $$\sum_{w \in q} \log\left(1 + \frac{N - n_w + 1/2}{n_w + 1/2}\right)
    \frac{(k_1 + 1) f_{w,d}}{f_{w,d} + k_1 (1 - b + b\,|d| / \overline{|d|})}$$

    where $f_{w,d}$ is the number of times that $d$ contains $w$, and $|d|$ its number of words.

    Args:
        documents: The documents to search.
        tokenize: Splits a text into words.
        k1: How slowly repetitions of a word saturate; 0 ignores repetitions.
        b: How strongly scores are normalised by document length, from 0 (not at all) to 1.

    Raises:
        ValueError: If there are no documents, ``k1`` is negative, or ``b`` is not between 0 and 1.

    Source:
        Robertson and Zaragoza (2009), section 3.4. We add 1 in the logarithm, so that a word in most documents does not
        get a negative weight.

    Example:
        >>> BM25(["a red kite", "a blue kite", "an old drum"]).search("blue kite", 2)
        [1, 0]
    """

    def __init__(
        self, documents: Sequence[str], tokenize: Tokenize = lowercase_words, *, k1: float = 1.2, b: float = 0.75
    ) -> None:
        if not documents:
            raise ValueError("documents is empty: there is nothing to find")
        if k1 < 0:
            raise ValueError(f"k1={k1} must not be negative")
        if not 0 <= b <= 1:
            raise ValueError(f"b={b} must be between 0 and 1")
        self._tokenize = tokenize
        counts = [Counter(tokenize(document)) for document in documents]
        lengths = np.array([found.total() for found in counts], dtype=np.float64)
        saturation = k1 * (1 - b + b * lengths / max(lengths.mean(), 1e-12))
        weights: dict[str, dict[int, float]] = defaultdict(dict)
        for number, found in enumerate(counts):
            for word, count in found.items():
                weights[word][number] = (k1 + 1) * count / (count + saturation[number])
        self._num_documents = len(documents)
        self._postings = {
            word: (np.array(list(column)), np.array(list(column.values())) * self._rarity(len(column)))
            for word, column in weights.items()
        }

    def scores(self, query: str) -> Float[np.ndarray, " N"]:
        """Score each document.

        Args:
            query: The query; a word that occurs twice counts twice.

        Returns:
            One score per document, 0 if it has none of the words.
        """
        total = np.zeros(self._num_documents)
        for word in self._tokenize(query):
            if word in self._postings:
                numbers, weights = self._postings[word]
                total[numbers] += weights
        return total

    def search(self, query: str, k: int) -> list[int]:
        """Find the best documents.

        Args:
            query: The query.
            k: How many to return.

        Returns:
            The indices of the best ``k`` documents, best first; in a tie, the earlier document comes first.

        Raises:
            ValueError: If ``k`` is less than 1.
        """
        return _best(self.scores(query), k)

    def _rarity(self, num_with_word: int) -> float:
        return float(np.log1p((self._num_documents - num_with_word + 0.5) / (num_with_word + 0.5)))


class TfidfSearch:
    """Search by cosine similarity of TF-IDF vectors, with scikit-learn's ``TfidfVectorizer``.

    Args:
        documents: The documents to search.
        tokenize: Splits a text into words.

    Raises:
        ImportError: If scikit-learn is not installed.
        ValueError: If there are no documents.

    Example:
        >>> TfidfSearch(["a red kite", "a blue kite", "an old drum"]).search("blue kite", 2)
        [1, 0]
    """

    def __init__(self, documents: Sequence[str], tokenize: Tokenize = lowercase_words) -> None:
        try:
            from sklearn.feature_extraction.text import TfidfVectorizer
        except ImportError as error:
            raise ImportError("TfidfSearch needs the package scikit-learn: pip install 'lmkit-book[tasks]'") from error
        if not documents:
            raise ValueError("documents is empty: there is nothing to find")
        self._vectorizer: Any = TfidfVectorizer(analyzer=tokenize)
        self._vectors = self._vectorizer.fit_transform(documents)

    def scores(self, query: str) -> Float[np.ndarray, " N"]:
        """Score each document.

        Args:
            query: The query.

        Returns:
            The cosine similarity with each document, between 0 and 1.
        """
        return (self._vectors @ self._vectorizer.transform([query]).T).toarray()[:, 0]

    def search(self, query: str, k: int) -> list[int]:
        """Find the best documents.

        Args:
            query: The query.
            k: How many to return.

        Returns:
            The indices of the best ``k`` documents, best first; in a tie, the earlier document comes first.

        Raises:
            ValueError: If ``k`` is less than 1.
        """
        return _best(self.scores(query), k)


def _best(scores: np.ndarray, k: int) -> list[int]:
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    return np.argsort(-scores, kind="stable")[:k].tolist()
