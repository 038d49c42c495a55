"""Baselines for classification: the most frequent class, and a linear model of word counts."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lmkit.evaluation.words import Tokenize, lowercase_words


class MajorityClass:
    """Always predicts the most frequent class of the training examples; the first one in a tie.

    Example:
        >>> MajorityClass().fit(["a", "b", "c"], ["good", "bad", "bad"]).predict(["d"])
        ['bad']
    """

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> "MajorityClass":
        """Count the classes.

        Args:
            texts: Not used.
            labels: Their classes.

        Returns:
            This object.

        Raises:
            ValueError: If there are no labels.
        """
        if not labels:
            raise ValueError("labels is empty: there is no most frequent one")
        self._label = Counter(labels).most_common(1)[0][0]
        return self

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Predict the same class for each text.

        Args:
            texts: Any texts.

        Returns:
            One class per text.
        """
        return [self._label] * len(texts)


def bag_of_words(tokenize: Tokenize = lowercase_words) -> Any:
    """Make a classifier that uses only the number of times that each word occurs in a text.

    Args:
        tokenize: Splits a text into words.

    Returns:
        A pipeline of scikit-learn's ``CountVectorizer`` and ``LogisticRegression``, with ``fit(texts, labels)`` and
        ``predict(texts)``.

    Raises:
        ImportError: If scikit-learn is not installed.

    Example:
        >>> classifier = bag_of_words().fit(["good day", "good food", "bad day", "bad luck"], ["+", "+", "-", "-"])
        >>> classifier.predict(["good luck", "bad food"]).tolist()
        ['+', '-']
    """
    try:
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
    except ImportError as error:
        raise ImportError("bag_of_words needs the package scikit-learn: pip install 'lmkit-book[tasks]'") from error
    return make_pipeline(CountVectorizer(analyzer=tokenize), LogisticRegression(max_iter=1000))
