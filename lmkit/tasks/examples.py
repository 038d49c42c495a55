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
    """A text that belongs to one of several classes, as in sentiment analysis.

    Args:
        text: The text.
        label: Its class.

    Example:
        >>> LabelledText(text="All ended well.", label="good").label
        'good'
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

    Example:
        >>> LabelledPair(first="A cat sleeps.", second="An animal rests.", label=0.8).label
        0.8
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

    Example:
        >>> TaggedText(text="Anna slept.", spans=(LabelledSpan(0, 4, "PERSON"),)).spans
        (LabelledSpan(start=0, end=4, label='PERSON'),)
    """

    text: str
    spans: tuple[LabelledSpan, ...]


@dataclass(frozen=True, kw_only=True)
class AnsweredQuestion:
    """A question whose answer is a piece of a text, as in extractive question answering.

    Args:
        question: The question.
        text: Where to look.
        answer: The piece of the text that answers it.
        span: First character of the answer in the text, and one past its last.

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
    """A text and what is to be made of it, as in translation and summarisation.

    Args:
        source: What is given.
        target: What is to be written.

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
        steps: The steps, if there are any.

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
    """Examples to learn from, to choose by and to be judged on.

    Args:
        name: What it is called.
        train: Examples to learn from.
        validation: Examples to choose settings by.
        test: Examples that are looked at once, at the end.
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
