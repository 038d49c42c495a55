"""Baseline for question answering: phrases that answered similar questions in training."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from lmkit.evaluation.words import lowercase_words
from lmkit.tasks import AnsweredQuestion

_SENTENCE_END = re.compile(r"[.!?。！？]")


class PatternAnswers:
    """Answers with a phrase that answered a similar question in training, from the sentence most like the question.

    Two questions are of the same kind if they are equal without the words that their texts contain: "Who has the kite
    at the end?" and "Who has the drum at the end?". If the text contains no phrase that answered this kind in training,
    answers to questions with the same first word are tried, then all answers. Among all occurrences, the one whose
    sentence shares the most words with the question wins, and among equals the last one.

    Example:
        >>> seen = AnsweredQuestion(question="Who has it?", text="Anna has it.", answer="Anna", span=(0, 4))
        >>> PatternAnswers().fit([seen]).predict(["Who has the kite?"], ["Tom met Anna. Anna has the kite."])
        [(14, 18)]
    """

    def fit(self, examples: Sequence[AnsweredQuestion]) -> "PatternAnswers":
        """Collect the training answers by kind of question.

        Args:
            examples: Questions with their answers.

        Returns:
            This object.

        Raises:
            ValueError: If there are no examples.
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
            questions: The questions.
            texts: The text for each question.

        Returns:
            Start and end of each answer in its text, in characters; (0, 0) if the text contains no answer from
            training.

        Raises:
            ValueError: If there is not one text per question.
        """
        return [self._answer(question, text) for question, text in zip(questions, texts, strict=True)]

    def _answer(self, question: str, text: str) -> tuple[int, int]:
        asked = set(lowercase_words(question))
        for pattern in _patterns(question, text):
            spans = list(_occurrences(self._answers.get(pattern, ()), text))
            if spans:
                return max(spans, key=lambda span: (len(asked & set(_sentence(text, span[0]))), span))
        return 0, 0


def _patterns(question: str, text: str) -> list[tuple[str, ...]]:
    """The kind of a question, from specific to general."""
    words, known = lowercase_words(question), set(lowercase_words(text))
    return [tuple(word for word in words if word not in known), tuple(words[:1]), ()]


def _occurrences(phrases: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    for phrase in phrases:
        if phrase in text:
            yield from (found.span() for found in re.finditer(rf"(?a:(?<!\w){re.escape(phrase)}(?!\w))", text))


def _sentence(text: str, position: int) -> list[str]:
    """The words of the sentence that contains a position."""
    ends = [0, *(end.end() for end in _SENTENCE_END.finditer(text)), len(text)]
    start = max(end for end in ends if end <= position)
    stop = min(end for end in ends if end > position)
    return lowercase_words(text[start:stop])
