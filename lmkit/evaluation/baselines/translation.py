"""Baseline for translation: word by word, with a dictionary learned from pairs of texts."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from lmkit.evaluation.words import Tokenize, lowercase_words
from lmkit.tasks import TextToText
from lmkit.tokenizers import Tokenizer


def ibm_model_1(
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]], *, num_words: int, num_pieces: int, num_iterations: int = 5
) -> Float[np.ndarray, "S T"]:
    r"""Learn which words translate to which, from whole texts, by expectation maximisation.

    Each word $f$ of a target comes from one word of its source, any of them as likely as another. From a uniform
    table $t(f \mid e)$ on, in turn each word is shared out among the source's words,

    $$c(f, e) = \sum_{\text{pairs}} \sum_{i, j:\, f_j = f,\, e_i = e} \frac{t(f \mid e)}{\sum_{i'} t(f \mid e_{i'})},
    \qquad t(f \mid e) = \frac{c(f, e)}{\sum_{f'} c(f', e)}.$$

    Args:
        pairs: The ids of a source's words and of its target's.
        num_words: How many words the sources' language has.
        num_pieces: How many the targets' language has.
        num_iterations: How often the table is estimated anew.

    Returns:
        The table, one row for each source word; the row of a word that no source has is zero.

    Raises:
        ValueError: If there are no pairs, or the number of iterations is less than 1.

    Source:
        Brown et al. (1993), section 4. The empty word is a word like others here: whoever wants one puts it into
        the sources.

    Example:
        >>> table = ibm_model_1([([0, 1], [0, 1]), ([0], [0])], num_words=2, num_pieces=2)
        >>> table.argmax(axis=1).tolist()
        [0, 1]
    """
    if not pairs:
        raise ValueError("pairs is empty: there is nothing to learn")
    if num_iterations < 1:
        raise ValueError(f"num_iterations={num_iterations} must be at least 1")
    cells = [np.ix_(np.asarray(source, dtype=np.int64), np.asarray(target, dtype=np.int64)) for source, target in pairs]
    table = np.full((num_words, num_pieces), 1 / num_pieces)
    for _ in range(num_iterations):
        counts = np.zeros_like(table)
        for cell in cells:
            shares = table[cell]
            np.add.at(counts, cell, shares / shares.sum(axis=0))
        totals = counts.sum(axis=1, keepdims=True)
        table = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
    return table


class WordTranslation:
    """Translates each word by its most probable piece of the other language, in the order of the source.

    The dictionary is :func:`ibm_model_1`'s, with an empty word in each source to which pieces can go that
    translate nothing. There is no grammar: words that the other language leaves out are translated too, its order is
    not learned, and a word that takes two pieces gets one. Words not seen in training are left out.

    Args:
        tokenizer: Splits targets into pieces; a byte pair encoding of the other language has its words among them.
        tokenize: Splits sources into words.
        num_iterations: See :func:`ibm_model_1`.

    Example:
        >>> from lmkit.tokenizers import train_bpe
        >>> pairs = [TextToText(source="red kite", target="hong zheng"), TextToText(source="red", target="hong")]
        >>> tokenizer = train_bpe([pair.target for pair in pairs] * 9, vocab_size=270, progress=False)
        >>> WordTranslation(tokenizer).fit(pairs).predict(["red"])
        ['hong']
    """

    def __init__(self, tokenizer: Tokenizer, tokenize: Tokenize = lowercase_words, num_iterations: int = 5) -> None:
        self._tokenizer, self._tokenize, self._num_iterations = tokenizer, tokenize, num_iterations

    def fit(self, pairs: Sequence[TextToText]) -> "WordTranslation":
        """Learn the dictionary.

        Args:
            pairs: Texts with their translations.

        Returns:
            Itself.

        Raises:
            ValueError: If there are none.
        """
        ids: dict[str, int] = {"": 0}
        sources = [[0, *(ids.setdefault(word, len(ids)) for word in self._tokenize(pair.source))] for pair in pairs]
        targets = self._tokenizer.encode_batch([pair.target for pair in pairs])
        table = ibm_model_1(
            list(zip(sources, targets, strict=True)),
            num_words=len(ids),
            num_pieces=self._tokenizer.vocab_size,
            num_iterations=self._num_iterations,
        )
        best = table.argmax(axis=1).tolist()
        self._dictionary = {word: best[number] for word, number in ids.items() if word}
        return self

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Translate texts.

        Args:
            texts: Texts in the language of the sources.

        Returns:
            Their pieces in the other language.
        """
        known = ([word for word in self._tokenize(text) if word in self._dictionary] for text in texts)
        return [self._tokenizer.decode([self._dictionary[word] for word in words]) for words in known]
