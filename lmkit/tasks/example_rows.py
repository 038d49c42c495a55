"""Making examples from the fields of a line, with errors that name the file, the line and the field."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lmkit.tasks.examples import (
    AnsweredQuestion,
    Instruction,
    LabelledPair,
    LabelledSpan,
    LabelledText,
    TaggedText,
    TextToText,
)
from lmkit.tokenizers.special import replace_surrogates

LabelType = type[str] | type[float]
"""Whether the labels of pairs are classes (``str``), even if they look like numbers, or numbers (``float``)."""


class ExampleRow(NamedTuple):
    """The fields of one line of a file.

    Attributes:
        path: The file.
        number: The line number, from 1.
        values: The value of each field.
    """

    path: Path
    number: int
    values: dict[str, Any]

    @property
    def location(self) -> str:
        """File and line number, for a message."""
        return f"file {str(self.path)!r}, line {self.number}"

    def error(self, field: str, problem: str) -> ValueError:
        """Make an error that names the field."""
        return ValueError(f"{self.location}, field {field!r}: {problem}")

    def value(self, field: str) -> Any:
        """The value of a required field."""
        if field not in self.values:
            raise self.error(field, "missing")
        return self.values[field]

    def text(self, field: str) -> str:
        """The text of a field, which must not be empty. Half of a surrogate pair becomes U+FFFD."""
        value = self.value(field)
        if not isinstance(value, str):
            raise self.error(field, f"{value!r} is not a string")
        if not value.strip():
            raise self.error(field, "empty")
        return replace_surrogates(value)

    def word(self, field: str) -> str:
        """The text of a field in which a number or boolean counts as text: 1 as "1", true as "true"."""
        value = self.value(field)
        return json.dumps(value) if isinstance(value, int | float) else self.text(field)

    def label(self, labels: Sequence[str] | None) -> str:
        """The class, which must be one of ``labels`` if these are given."""
        return self.known("label", self.word("label"), labels)

    def known(self, field: str, label: str, labels: Sequence[str] | None) -> str:
        """Return a label after checking that it is one of ``labels``, if these are given."""
        if labels is not None and label not in labels:
            raise self.error(field, f"{label!r} is not one of the labels {list(labels)}")
        return label

    def span(self, field: str, value: Any, text: str) -> tuple[int, int]:
        """Return start and end of a span after checking that it is a span of the text."""
        match value:
            case [int() as start, int() as end]:
                pass
            case _:
                raise self.error(field, f"{value!r} is not a list [start, end] of two integers")
        if not 0 <= start < end <= len(text):
            raise self.error(field, f"{start} to {end} is not a span of a text of {len(text)} characters")
        found = text[start:end]
        if found != found.strip():
            raise self.error(
                field, f"characters {start} to {end} of the text are {found!r}: leave out the whitespace at the ends"
            )
        return start, end


def _labelled_text(row: ExampleRow, labels: Sequence[str] | None, _: LabelType | None) -> LabelledText:
    return LabelledText(text=row.text("text"), label=row.label(labels))


def _labelled_pair(row: ExampleRow, labels: Sequence[str] | None, label_type: LabelType | None) -> LabelledPair:
    first, second, label = row.text("first"), row.text("second"), row.value("label")
    if label_type is str or labels is not None or (label_type is None and isinstance(label, str)):
        return LabelledPair(first=first, second=second, label=row.label(labels))
    if isinstance(label, bool) or not isinstance(label, int | float) or not math.isfinite(label):
        allowed = "not a finite number" if label_type is float else "neither a string nor a finite number"
        raise row.error("label", f"{label!r} is {allowed}")
    return LabelledPair(first=first, second=second, label=float(label))


def _tagged_text(row: ExampleRow, labels: Sequence[str] | None, _: LabelType | None) -> TaggedText:
    text, values = row.text("text"), row.value("spans")
    if not isinstance(values, list):
        raise row.error("spans", f"{values!r} is not a list")
    spans: list[LabelledSpan] = []
    for value in values:
        match value:
            case [_, _, str() | int() as label]:
                start, end = row.span("spans", value[:2], text)
                label = label if isinstance(label, str) else json.dumps(label)
            case _:
                raise row.error("spans", f"{value!r} is not a list [start, end, label]")
        if spans and start < spans[-1].end:
            raise row.error("spans", f"{value!r} begins before {list(spans[-1])!r} ends: sort them, without overlaps")
        spans.append(LabelledSpan(start, end, row.known("spans", label, labels)))
    return TaggedText(text=text, spans=tuple(spans))


def _answered_question(row: ExampleRow, *_: Any) -> AnsweredQuestion:
    question, text, answer = row.text("question"), row.text("text"), row.text("answer")
    start, end = row.span("span", row.value("span"), text)
    if text[start:end] != answer:
        raise row.error("span", f"characters {start} to {end} of the text are {text[start:end]!r}, not {answer!r}")
    return AnsweredQuestion(question=question, text=text, answer=answer, span=(start, end))


def _text_to_text(row: ExampleRow, *_: Any) -> TextToText:
    return TextToText(source=row.text("source"), target=row.text("target"))


def _instruction(row: ExampleRow, *_: Any) -> Instruction:
    steps = row.values.get("steps", [])
    if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
        raise row.error("steps", f"{steps!r} is not a list of strings")
    steps = tuple(map(replace_surrogates, steps))
    return Instruction(prompt=row.text("prompt"), answer=row.word("answer"), steps=steps)


MAKE_EXAMPLE: dict[type, Callable[[ExampleRow, Sequence[str] | None, LabelType | None], Any]] = {
    LabelledText: _labelled_text,
    LabelledPair: _labelled_pair,
    TaggedText: _tagged_text,
    AnsweredQuestion: _answered_question,
    TextToText: _text_to_text,
    Instruction: _instruction,
}
"""For each kind of example, the function that makes one from a line, the known labels and the label type of pairs."""
