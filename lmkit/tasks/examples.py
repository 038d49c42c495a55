"""Kinds of examples, and tasks: examples of one kind with train, validation and test parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar


class LabelledSpan(NamedTuple):
    """A labelled span of a text.

    Attributes:
        start: First character.
        end: One past the last character.
        label: The label.

    Example:
        >>> span = LabelledSpan(start=9, end=12, label="PERSON")
        >>> "Anna met Tom."[span.start : span.end]
        'Tom'
    """

    start: int
    end: int
    label: str


@dataclass(frozen=True, kw_only=True)
class LabelledText:
    """A text with a class, as in sentiment analysis.

    Args:
        text: The text.
        label: The class.

    Example:
        >>> LabelledText(text="All ended well.", label="good").label
        'good'
    """

    text: str
    label: str


@dataclass(frozen=True, kw_only=True)
class LabelledPair:
    """Two texts and their relation: a class, as in relation extraction, or a number, as in similarity.

    Args:
        first: The first text.
        second: The second text.
        label: The class or the number.

    Example:
        >>> LabelledPair(first="A cat sleeps.", second="An animal rests.", label=0.8).label
        0.8
    """

    first: str
    second: str
    label: str | float


@dataclass(frozen=True, kw_only=True)
class TaggedText:
    """A text with labelled spans, as in named entity recognition.

    Args:
        text: The text.
        spans: The spans in text order, without overlaps.

    Example:
        >>> TaggedText(text="Anna slept.", spans=(LabelledSpan(0, 4, "PERSON"),)).spans
        (LabelledSpan(start=0, end=4, label='PERSON'),)
    """

    text: str
    spans: tuple[LabelledSpan, ...]


@dataclass(frozen=True, kw_only=True)
class AnsweredQuestion:
    """A question whose answer is a span of a text, as in extractive question answering.

    Args:
        question: The question.
        text: The text that contains the answer.
        answer: The answer.
        span: Start and end of the answer in the text, in characters.

    Example:
        >>> example = AnsweredQuestion(question="Who slept?", text="It was Tom.", answer="Tom", span=(7, 10))
        >>> example.text[slice(*example.span)] == example.answer
        True
    """

    question: str
    text: str
    answer: str
    span: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class TextToText:
    """A source text and its target text, as in translation and summarisation.

    Args:
        source: The given text.
        target: The text to generate.

    Example:
        >>> TextToText(source="Good morning.", target="早上好。").target
        '早上好。'
    """

    source: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """A request and a good answer to it.

    Args:
        prompt: The request.
        answer: The answer, without the steps that lead to it.
        steps: The steps, if any.

    Example:
        >>> Instruction(prompt="7 - 3 + 2?", answer="6", steps=("7 - 3 = 4", "4 + 2 = 6")).steps[-1]
        '4 + 2 = 6'
    """

    prompt: str
    answer: str
    steps: tuple[str, ...] = ()


Example = TypeVar(
    "Example", LabelledText, LabelledPair, TaggedText, AnsweredQuestion, TextToText, Instruction, covariant=True
)
"""One of the kinds of example."""


@dataclass(frozen=True, kw_only=True)
class Task(Generic[Example]):
    """Examples for training, validation and test.

    Args:
        name: The name of the task.
        train: Examples to train on.
        validation: Examples for choosing settings.
        test: Examples for one final evaluation.
        labels: The classes, in the order of their ids; empty if there are none.

    Example:
        >>> example = LabelledText(text="All ended well.", label="good")
        >>> Task(name="endings", train=[example], validation=[], test=[], labels=("bad", "good"))
        Task('endings', train=1, validation=0, test=0, labels=('bad', 'good'))
    """

    name: str
    train: Sequence[Example]
    validation: Sequence[Example]
    test: Sequence[Example]
    labels: tuple[str, ...] = ()

    def __repr__(self) -> str:
        sizes = ", ".join(f"{part}={len(getattr(self, part)):,}" for part in ("train", "validation", "test"))
        return f"Task({self.name!r}, {sizes}, labels={self.labels!r})"
