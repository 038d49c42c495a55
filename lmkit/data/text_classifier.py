r"""A linear classifier on hashed n-grams: a language identifier or a quality filter, by what it is trained on.

A text is a vector $x$ of n-gram counts, scaled to length 1. A hash function gives each n-gram its component, so that no
vocabulary is needed; n-grams that collide share a weight. The probabilities of the classes are
$\mathrm{softmax}(W^\top x + b)$.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import regex
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]+|\w+|[^\w\s]+")
MAX_STEPS = 200


@dataclass(frozen=True, kw_only=True)
class HashedNgrams:
    """Counts of n-grams in a fixed number of buckets.

    Args:
        unit: ``"characters"``, for which a word is surrounded by spaces and n-grams stay within it, tells languages
            apart; ``"words"`` tells good text from bad.
        shortest: The least number of units in an n-gram.
        longest: The greatest.
        num_buckets: How many different n-grams can be told apart at most.

    Raises:
        ValueError: If a number is less than 1, or the longest is shorter than the shortest.

    Example:
        >>> sorted(HashedNgrams(shortest=2, longest=2).ngrams("a cat"))
        [' a', ' c', 'a ', 'at', 'ca', 't ']
    """

    unit: Literal["characters", "words"] = "characters"
    shortest: int = 1
    longest: int = 4
    num_buckets: int = 2**16

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not 1 <= self.shortest <= self.longest:
            raise ValueError(f"shortest={self.shortest} must be at least 1 and at most longest={self.longest}")
        if self.num_buckets < 1:
            raise ValueError(f"num_buckets={self.num_buckets} must be at least 1")

    def ngrams(self, text: str) -> list[str]:
        """List the n-grams of a text, without regard to case.

        Args:
            text: Any text.

        Returns:
            Each as often as it occurs.
        """
        words = _WORD.findall(text.lower())
        lengths = range(self.shortest, self.longest + 1)
        if self.unit == "words":
            return [" ".join(words[i : i + n]) for n in lengths for i in range(len(words) - n + 1)]
        padded = [f" {word} " for word in words]
        return [word[i : i + n] for word in padded for n in lengths for i in range(len(word) - n + 1)]

    def encode(self, texts: Sequence[str]) -> tuple[Int[Tensor, " E"], Float[Tensor, " E"], Int[Tensor, " texts"]]:
        """Make sparse vectors of length 1.

        Args:
            texts: Any texts. One without n-grams is the zero vector.

        Returns:
            The buckets and the values of all entries, text by text, and where each text begins.
        """
        buckets: list[int] = []
        values: list[float] = []
        starts = []
        for text in texts:
            counts = Counter(
                zlib.crc32(ngram.encode("utf-8", "replace")) % self.num_buckets for ngram in self.ngrams(text)
            )
            norm = sum(count**2 for count in counts.values()) ** 0.5
            starts.append(len(buckets))
            buckets += counts
            values += [count / norm for count in counts.values()]
        return torch.tensor(buckets, dtype=torch.long), torch.tensor(values, dtype=torch.float64), torch.tensor(starts)


@dataclass(frozen=True, kw_only=True, eq=False)
class TextClassifier:
    """A trained linear classifier; :func:`train_text_classifier` makes one.

    Args:
        features: How a text becomes a vector.
        labels: The names of the classes.
        weight: $W$, a row for each bucket.
        bias: $b$.

    Example:
        >>> classifier = train_text_classifier(["the cat sat", "le chat dort"], ["en", "fr"])
        >>> classifier.labels
        ('en', 'fr')
        >>> classifier.probs(["the dog", "le chien"]).argmax(dim=-1).tolist()
        [0, 1]
    """

    features: HashedNgrams
    labels: tuple[str, ...]
    weight: Float[Tensor, "buckets C"]
    bias: Float[Tensor, " C"]

    def probs(self, texts: Sequence[str]) -> Float[Tensor, "texts C"]:
        """Compute the probability of each class.

        Args:
            texts: Any texts.

        Returns:
            One row per text.
        """
        return (_scores(self.features.encode(texts), self.weight) + self.bias).softmax(dim=-1)

    def classify(self, text: str) -> str:
        """Name the most probable class.

        Args:
            text: Any text.

        Returns:
            A label.
        """
        return self.labels[int(self.probs([text]).argmax())]


@dataclass(frozen=True, kw_only=True, eq=False)
class HasLabel:
    """A cleaning step that keeps a text if a classifier gives it a label.

    Args:
        classifier: A language identifier, or a quality filter.
        label: The class to keep.
        minimum: The least probability.

    Raises:
        ValueError: If the classifier does not know the label.

    Example:
        >>> from lmkit.data import clean_corpus
        >>> classifier = train_text_classifier(["the cat sat", "le chat dort"], ["en", "fr"])
        >>> clean_corpus(["the dog sat", "le chien dort"], [HasLabel(classifier=classifier, label="en")])[0]
        ['the dog sat']
    """

    classifier: TextClassifier
    label: str
    minimum: float = 0.5

    def __post_init__(self) -> None:
        """Check the label."""
        if self.label not in self.classifier.labels:
            raise ValueError(f"label={self.label!r} is not one of the classifier's labels {self.classifier.labels}")

    def __call__(self, document: str) -> bool:
        """Say whether to keep a text.

        Args:
            document: The text.

        Returns:
            Whether the probability of the label is at least the minimum.
        """
        return bool(self.classifier.probs([document])[0, self.classifier.labels.index(self.label)] >= self.minimum)


def train_text_classifier(
    texts: Sequence[str], labels: Sequence[str], *, features: HashedNgrams | None = None, penalty: float = 1e-4
) -> TextClassifier:
    r"""Train a linear classifier: a language identifier on sentences, a quality filter on good and bad documents.

    $$\frac1n \sum_{i=1}^n -\log p(y_i \mid x_i) + \frac{\lambda}{2} \lVert W \rVert^2$$

    is convex, and L-BFGS finds its minimum. fastText, which filters many corpora, learns two smaller matrices in place
    of $W$ by stochastic steps. scikit-learn's ``LogisticRegression`` finds the same minimum for three classes or more
    with ``C`` set to $1 / (\lambda n)$.

    Args:
        texts: Examples.
        labels: The class of each.
        features: How a text becomes a vector; ``None`` for characters in n-grams of 1 to 4.
        penalty: $\lambda$.

    Returns:
        The classifier, with the labels in alphabetical order.

    Raises:
        ValueError: If the numbers of texts and labels differ, there are fewer than two classes, or the penalty is not
            positive.

    Example:
        >>> classifier = train_text_classifier(["the cat sat", "le chat dort"], ["en", "fr"])
        >>> classifier.classify("the dog sat")
        'en'
    """
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts have {len(labels)} labels")
    if penalty <= 0:
        raise ValueError(f"penalty={penalty} must be greater than 0")
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise ValueError(f"labels={list(names)} are fewer than two classes")
    features = features or HashedNgrams()
    buckets, values, starts = features.encode(texts)
    used, positions = buckets.unique(return_inverse=True)  # the weights of all other buckets stay 0
    targets = torch.tensor([names.index(label) for label in labels])
    weight = torch.zeros(len(used), len(names), dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [weight, bias],
        max_iter=MAX_STEPS,
        history_size=10,
        tolerance_grad=1e-8,
        tolerance_change=1e-12,
        line_search_fn="strong_wolfe",
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        value = (
            functional.cross_entropy(_scores((positions, values, starts), weight) + bias, targets)
            + penalty / 2 * weight.square().sum()
        )
        value.backward()
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call, arg-type, unused-ignore]
    all_weights = torch.zeros(features.num_buckets, len(names), dtype=torch.float64)
    all_weights[used] = weight.detach()
    return TextClassifier(features=features, labels=names, weight=all_weights, bias=bias.detach())


def _scores(
    encoded: tuple[Int[Tensor, " E"], Float[Tensor, " E"], Int[Tensor, " texts"]], weight: Float[Tensor, "buckets C"]
) -> Float[Tensor, "texts C"]:
    """Multiply sparse vectors by the matrix: a weighted sum of its rows."""
    buckets, values, starts = encoded
    return functional.embedding_bag(buckets, weight, starts, mode="sum", per_sample_weights=values)
