"""Inputs for a fine-tuned model: examples without answers."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from lmkit.data.corpus.files import decode
from lmkit.tasks.example_rows import ExampleRow
from lmkit.tasks.examples import (
    AnsweredQuestion,
    Example,
    Instruction,
    LabelledPair,
    LabelledText,
    TaggedText,
    TextToText,
)

UNANSWERED: dict[type, dict[str, Any]] = {
    LabelledText: {"label": ""},
    LabelledPair: {"label": ""},
    TaggedText: {"spans": ()},
    AnsweredQuestion: {"answer": "", "span": (0, 0)},
    TextToText: {"target": ""},
    Instruction: {"answer": "", "steps": ()},
}
"""For each kind of example, the fields of its answer with empty values."""


def given_fields(kind: type[Example]) -> tuple[str, ...]:
    """The fields of an example that a model reads.

    Args:
        kind: The kind of example.

    Returns:
        The fields that are not part of the answer.

    Example:
        >>> given_fields(AnsweredQuestion)
        ('question', 'text')
    """
    return tuple(field.name for field in fields(kind) if field.name not in UNANSWERED[kind])


def parse_inputs(lines: Iterable[str], kind: type[Example], *, source: str | Path = "input") -> Iterator[Example]:
    r"""Make unanswered examples from lines.

    A line that begins with ``{`` is a JSON object with at least the fields of :func:`given_fields`. Any other line is
    the text itself; if the kind has two texts, a tab separates them. Blank lines are skipped.

    Args:
        lines: One example per line.
        kind: The kind of example.
        source: The origin of the lines, for messages.

    Yields:
        Examples with empty answers.

    Raises:
        ValueError: If a line that begins with ``{`` is not JSON or lacks a field, or another line lacks its tab or a
            text. The message names the line.

    Example:
        >>> next(parse_inputs(["Who?\tIt was Tom."], AnsweredQuestion))
        AnsweredQuestion(question='Who?', text='It was Tom.', answer='', span=(0, 0))
    """
    names = given_fields(kind)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = ExampleRow(Path(source), number, {})
        if line.lstrip().startswith("{"):
            try:
                values = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{row.location}: not JSON ({error})") from error
        else:
            texts = line.rstrip("\r\n").split("\t", maxsplit=len(names) - 1)
            if len(texts) != len(names):
                raise ValueError(f"{row.location}: {line.strip()!r:.80} needs a tab between {' and '.join(names)}")
            values = dict(zip(names, texts, strict=True))
        row = row._replace(values=values)
        fields_of_example: dict[str, Any] = {name: row.text(name) for name in names} | UNANSWERED[kind]
        yield kind(**fields_of_example)


def read_inputs(path: str | Path, kind: type[Example]) -> list[Example]:
    """Read unanswered examples from a file.

    Args:
        path: A UTF-8 text file, such as ``.txt`` or ``.jsonl``, with lines as in :func:`parse_inputs`.
        kind: The kind of example.

    Returns:
        Examples with empty answers, at least one.

    Raises:
        ValueError: As in :func:`parse_inputs`, or if the file has only blank lines or is not UTF-8.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder, "texts.txt")
        ...     _ = file.write_text("A good day.")
        ...     read_inputs(file, LabelledText)
        [LabelledText(text='A good day.', label='')]
    """
    path = Path(path)
    examples = list(parse_inputs(decode(path.read_bytes(), path).split("\n"), kind, source=path))
    if not examples:
        raise ValueError(f"file {str(path)!r} has no text")
    return examples
