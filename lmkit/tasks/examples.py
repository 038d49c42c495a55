"""What a task is: examples of one kind, in three parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar


class LabelledSpan(NamedTuple):
    """A piece of a text with a label.

    Attributes:
        start: Its first character.
        end: One past its last character.
        label: What it is.
    """

    start: int
    end: int
    label: str


@dataclass(frozen=True, kw_only=True)
class LabelledText:
    """A text that belongs to one of several classes, as in sentiment analysis.

    Args:
        text: The text.
        label: Its class.
    """

    text: str
    label: str


@dataclass(frozen=True, kw_only=True)
class LabelledPair:
    """Two texts and how they belong together: a class, as in relation extraction, or a number, as in similarity.

    Args:
        first: The one text.
        second: The other.
        label: The class or the number.
    """

    first: str
    second: str
    label: str | float


@dataclass(frozen=True, kw_only=True)
class TaggedText:
    """A text in which pieces are marked, as in named entity recognition.

    Args:
        text: The text.
        spans: The marked pieces in the order of the text; no two overlap.
    """

    text: str
    spans: tuple[LabelledSpan, ...]


@dataclass(frozen=True, kw_only=True)
class AnsweredQuestion:
    """A question whose answer stands in a text, as in extractive question answering.

    Args:
        question: The question.
        text: Where to look.
        answer: The piece of the text that answers it.
        span: First character of the answer in the text, and one past its last.
    """

    question: str
    text: str
    answer: str
    span: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class TextToText:
    """A text and what is to be made of it, as in translation and summarisation.

    Args:
        source: What is given.
        target: What is to be written.
    """

    source: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """A request and a good answer to it.

    Args:
        prompt: The request.
        answer: The answer, without the steps that lead to it.
        steps: The steps, if there are any.
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
    """Examples to learn from, to choose by and to be judged on.

    Args:
        name: What it is called.
        train: Examples to learn from.
        validation: Examples to choose settings by.
        test: Examples that are looked at once, at the end.
        labels: The classes, in the order of their ids; empty if there are none.
    """

    name: str
    train: Sequence[Example]
    validation: Sequence[Example]
    test: Sequence[Example]
    labels: tuple[str, ...] = ()

    def __repr__(self) -> str:
        sizes = ", ".join(f"{part}={len(getattr(self, part)):,}" for part in ("train", "validation", "test"))
        return f"Task({self.name!r}, {sizes}, labels={self.labels!r})"
