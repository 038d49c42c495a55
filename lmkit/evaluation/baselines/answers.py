"""Baseline for questions: what answered such a question before, where the text speaks of what is asked."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from lmkit.evaluation.words import lowercase_words
from lmkit.tasks import AnsweredQuestion

_SENTENCE_END = re.compile(r"[.!?。！？]")


class PatternAnswers:
    """Answers with a phrase that answered such a question in training, from the sentence most like the question.

    Two questions are of one kind if they have the same words apart from those of their texts: "Who has the kite at the
    end?" and "Who has the drum at the end?". If no phrase that answered this kind is in the text, those that answered
    questions with the same first word are looked for, then any answer. Of all occurrences, the one in the sentence
    that shares most words with the question wins, and of several the last.

    Example:
        >>> seen = AnsweredQuestion(question="Who has it?", text="Anna has it.", answer="Anna", span=(0, 4))
        >>> PatternAnswers().fit([seen]).predict(["Who has the kite?"], ["Tom met Anna. Anna has the kite."])
        [(14, 18)]
    """

    def fit(self, examples: Sequence[AnsweredQuestion]) -> "PatternAnswers":
        """Collect the answers by kind of question.

        Args:
            examples: Questions with their answers.

        Returns:
            Itself.

        Raises:
            ValueError: If there are none.
        """
        if not examples:
            raise ValueError("examples is empty: there is nothing to learn")
        self._answers: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for example in examples:
            for pattern in _patterns(example.question, example.text):
                self._answers[pattern].add(example.answer)
        return self

    def predict(self, questions: Sequence[str], texts: Sequence[str]) -> list[tuple[int, int]]:
        """Answer questions.

        Args:
            questions: Questions.
            texts: Where to look, one for each.

        Returns:
            First character of each answer in its text, and one past its last; the empty span (0, 0) if nothing that was
            an answer in training is in the text.
        """
        return [self._answer(question, text) for question, text in zip(questions, texts, strict=True)]

    def _answer(self, question: str, text: str) -> tuple[int, int]:
        asked = set(lowercase_words(question))
        for pattern in _patterns(question, text):
            places = list(_places(self._answers.get(pattern, ()), text))
            if places:
                return max(places, key=lambda place: (len(asked & set(_sentence(text, place[0]))), place))
        return 0, 0


def _patterns(question: str, text: str) -> list[tuple[str, ...]]:
    """The kind of a question, from narrow to wide."""
    words, known = lowercase_words(question), set(lowercase_words(text))
    return [tuple(word for word in words if word not in known), tuple(words[:1]), ()]


def _places(phrases: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    for phrase in phrases:
        if phrase in text:
            yield from (found.span() for found in re.finditer(rf"(?a:(?<!\w){re.escape(phrase)}(?!\w))", text))


def _sentence(text: str, position: int) -> list[str]:
    """Words of the sentence around a position."""
    ends = [0, *(end.end() for end in _SENTENCE_END.finditer(text)), len(text)]
    start = max(end for end in ends if end <= position)
    stop = min(end for end in ends if end > position)
    return lowercase_words(text[start:stop])
