"""Baseline for tagging: a dictionary of the phrases seen in training."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from lmkit.tasks import LabelledSpan, TaggedText


class LexiconTagger:
    """Marks every phrase that was marked in training, with its most frequent label.

    A text is scanned from left to right, and the longest matching phrase is taken. A phrase that was unmarked in
    training more often than it had any single label is left unmarked.

    Example:
        >>> seen = TaggedText(text="Anna ate.", spans=(LabelledSpan(0, 4, "PERSON"),))
        >>> LexiconTagger().fit([seen]).predict(["Then Anna met Joanna."])
        [(LabelledSpan(start=5, end=9, label='PERSON'),)]
    """

    def fit(self, examples: Sequence[TaggedText]) -> "LexiconTagger":
        """Collect the phrases.

        Args:
            examples: Texts with their spans.

        Returns:
            This object.

        Raises:
            ValueError: If no text has a span.
        """
        phrases = {each.text[span.start : span.end] for each in examples for span in each.spans}
        if not phrases:
            raise ValueError(f"examples has no span in {len(examples)} texts: there is nothing to learn")
        longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
        anything = "|".join(map(re.escape, longest_first))
        # A phrase next to a Latin letter or digit is part of a word; Chinese has no spaces between words.
        self._pattern = re.compile(rf"(?a:(?<!\w)(?:{anything})(?!\w))")
        counts: dict[str, Counter[str | None]] = defaultdict(Counter)
        for each in examples:
            labels = {(span.start, span.end): span.label for span in each.spans}
            for start, end in self._matches(each.text):
                counts[each.text[start:end]][labels.get((start, end))] += 1
        self._labels = {phrase: found.most_common(1)[0][0] for phrase, found in counts.items()}
        return self

    def predict(self, texts: Sequence[str]) -> list[tuple[LabelledSpan, ...]]:
        """Mark texts.

        Args:
            texts: Any texts.

        Returns:
            The spans of each text, in order.
        """
        return [
            tuple(
                LabelledSpan(start, end, label)
                for start, end in self._matches(text)
                if (label := self._labels.get(text[start:end])) is not None
            )
            for text in texts
        ]

    def _matches(self, text: str) -> Iterator[tuple[int, int]]:
        return (match.span() for match in self._pattern.finditer(text))
