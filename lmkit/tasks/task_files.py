"""Tasks from a user's own files: one example per line of a ``.jsonl`` or ``.csv`` file."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from lmkit.data.corpus.files import decode, read_json_lines
from lmkit.data.corpus.splits import split_documents
from lmkit.tasks.example_rows import MAKE_EXAMPLE, ExampleRow
from lmkit.tasks.examples import (
    AnsweredQuestion,
    Example,
    Instruction,
    LabelledPair,
    LabelledText,
    TaggedText,
    Task,
    TextToText,
)


class _Read(NamedTuple):
    """An example and the line from which it was read."""

    row: ExampleRow
    example: Any

    @property
    def given(self) -> str:
        """The text that examples of different parts must not share."""
        match self.example:
            case LabelledPair(first=first, second=second):
                return max(first, second, key=len)
            case TextToText(source=text) | Instruction(prompt=text):
                return text
            case _:
                return self.example.text


def read_examples(path: str | Path, kind: type[Example], *, labels: Sequence[str] | None = None) -> list[Example]:
    """Read examples from a file.

    A line of a ``.jsonl`` file is an object with the fields of ``kind`` under their names; a span is a list, of
    ``[start, end, label]`` in a :class:`~lmkit.tasks.examples.TaggedText` and of ``[start, end]`` in an
    :class:`~lmkit.tasks.examples.AnsweredQuestion`. The first line of a ``.csv`` file names the fields, all of
    them text: there can be no spans and no steps. Other fields are ignored.

    Args:
        path: A file in UTF-8 that ends in ``.jsonl`` or ``.csv``.
        kind: What the examples are, such as :class:`~lmkit.tasks.examples.LabelledText`.
        labels: The classes that there are; ``None`` for any. Without them, the label of a pair in a ``.csv`` file
            is a number if it reads as one.

    Returns:
        The examples in the order of the file; at least one.

    Raises:
        ValueError: If the ending is neither of these, the file has no examples or is not UTF-8, a field is missing or
            of the wrong type, a label is unknown, or a span does not fit its text. The message names the file, the
            line and the field.
    """
    return [read.example for read in _read(Path(path), kind, labels)]


def load_task(
    path: str | Path,
    kind: type[Example],
    *,
    validation: str | Path | float = 0.1,
    test: str | Path | float = 0.1,
    labels: Sequence[str] | None = None,
    seed: int = 0,
) -> Task[Example]:
    """Make a task from a user's own files.

    No text that is given stands in two parts: the one that questions are about, the source, the prompt, and of a pair
    the longer text. A split keeps examples with the same one together.

    Args:
        path: Examples as :func:`read_examples` reads them.
        kind: What they are.
        validation: The file of the validation part, or the expected share of ``path`` to be split off.
        test: The same for the test part.
        labels: The classes in the order of their ids; ``None`` for those of ``path``, sorted.
        seed: Chooses among the many possible splits.

    Returns:
        The task, with the name of the file without its ending.

    Raises:
        ValueError: If a file cannot be read as :func:`read_examples` says, a validation or test file has a label that
            is not among the labels or a text that is given in another, or a split leaves a part with nothing.
    """
    path = Path(path)
    sources = {"validation": validation, "test": test}
    files = {part: Path(source) for part, source in sources.items() if isinstance(source, str | Path)}
    shares: dict[str, float] = {part: source for part, source in sources.items() if not isinstance(source, str | Path)}

    reads = _read(path, kind, labels)
    if labels is None:
        labels = sorted(_labels_of(reads))
    split = split_documents(
        dict.fromkeys(read.given for read in reads), **dict.fromkeys(sources, 0.0) | shares, seed=seed
    )
    parts = {}
    for part in ("train", *shares):
        chosen = set(getattr(split, part))
        parts[part] = [read for read in reads if read.given in chosen]
        if not chosen and shares.get(part, 1.0) > 0:
            raise ValueError(f"file {str(path)!r} has {len(reads)} examples: too few for a {part} part with {shares}")
    parts |= {part: _read(file, kind, labels or None) for part, file in files.items()}
    _require_apart(parts)
    examples = {part: tuple(read.example for read in reads) for part, reads in parts.items()}
    return Task(name=path.stem, labels=tuple(labels), **examples)


def _labels_of(reads: Sequence[_Read]) -> set[str]:
    found = set()
    for _, example in reads:
        match example:
            case LabelledText(label=label) | LabelledPair(label=str() as label):
                found.add(label)
            case TaggedText(spans=spans):
                found |= {span.label for span in spans}
    return found


def _require_apart(parts: dict[str, list[_Read]]) -> None:
    seen: dict[str, ExampleRow] = {}
    for reads in parts.values():
        for read in reads:
            if read.given in seen:
                raise ValueError(f"{read.row.place}: {read.given!r} is given in {seen[read.given].place}, too")
        seen |= {read.given: read.row for read in reads}


def _read(path: Path, kind: type[Example], labels: Sequence[str] | None) -> list[_Read]:
    match path.suffix:
        case ".jsonl":
            rows = _jsonl_rows(path)
        case ".csv" if kind in (TaggedText, AnsweredQuestion):
            raise ValueError(f"file {str(path)!r} must end in .jsonl: a .csv file has no spans")
        case ".csv":
            rows = _csv_rows(path, kind, labels)
        case _:
            raise ValueError(f"file {str(path)!r} must end in .jsonl or .csv")
    reads = [_Read(row, MAKE_EXAMPLE[kind](row, labels)) for row in rows]
    if not reads:
        raise ValueError(f"file {str(path)!r} has no examples")
    if kind is LabelledPair:
        _require_one_type(reads)
    return reads


def _require_one_type(pairs: Sequence[_Read]) -> None:
    """Labels must be all classes or all numbers."""
    first = pairs[0]
    for row, example in pairs:
        if type(example.label) is not type(first.example.label):
            raise row.error("label", f"{example.label!r}, where {first.row.place} has {first.example.label!r}")


def _jsonl_rows(path: Path) -> Iterator[ExampleRow]:
    with path.open("rb") as file:
        for number, values in read_json_lines(file, path):
            if not isinstance(values, dict):
                raise ValueError(f"file {str(path)!r}, line {number}: {values!r} is not an object")
            yield ExampleRow(path, number, values)


def _csv_rows(path: Path, kind: type[Example], labels: Sequence[str] | None) -> Iterator[ExampleRow]:
    reader = csv.reader(StringIO(decode(path.read_bytes(), path), newline=""), strict=True)
    names = {field.name for field in fields(kind)} - {"steps"}
    try:
        header = next(reader, [])
        for cells in reader:
            if not cells:
                continue
            values: dict[str, Any] = {name: cell for name, cell in zip(header, cells, strict=False) if name in names}
            row = ExampleRow(path, reader.line_num, values)
            if len(cells) != len(header):
                raise ValueError(f"{row.place}: {len(cells)} cells under {len(header)} names")
            if kind is LabelledPair and labels is None and "label" in values:
                values["label"] = _number_if_one(values["label"])
            yield row
    except csv.Error as error:
        raise ValueError(f"file {str(path)!r}, line {reader.line_num}: not CSV ({error})") from error


def _number_if_one(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
