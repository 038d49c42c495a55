"""Tasks from a user's own files: one example per line of a ``.jsonl`` or ``.csv`` file."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from lmkit.data.corpus.files import decode, read_json_lines
from lmkit.data.corpus.splits import split_documents
from lmkit.tasks.example_rows import MAKE_EXAMPLE, ExampleRow, LabelType
from lmkit.tasks.examples import (
    AnsweredQuestion,
    Example,
    Instruction,
    LabelledPair,
    TaggedText,
    Task,
    TextToText,
)
from lmkit.tasks.labels import count_labels

LARGEST_CELL = 2**31 - 1
"""Characters in a cell of a ``.csv`` file; Python's own limit is 131,072."""


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


def read_examples(
    path: str | Path, kind: type[Example], *, labels: Sequence[str] | None = None, label_type: LabelType | None = None
) -> list[Example]:
    """Read examples from a file.

    A line of a ``.jsonl`` file is an object with the fields of ``kind`` under their names; a span is a list, of
    ``[start, end, label]`` in a :class:`~lmkit.tasks.examples.TaggedText` and of ``[start, end]`` in an
    :class:`~lmkit.tasks.examples.AnsweredQuestion`. The first line of a ``.csv`` file names the fields, all of
    them text: there can be no spans and no steps. Other fields are ignored. A number counts as text where a class or
    an answer is expected, and half a surrogate pair becomes U+FFFD.

    Args:
        path: A file in UTF-8 that ends in ``.jsonl`` or ``.csv``.
        kind: What the examples are, such as :class:`~lmkit.tasks.examples.LabelledText`.
        labels: The classes that there are; ``None`` for any.
        label_type: Whether the labels of pairs are classes (``str``) or numbers (``float``). With ``None`` they are
            classes if ``labels`` are given, and otherwise what they look like.

    Returns:
        The examples in the order of the file; at least one.

    Raises:
        ValueError: If the ending is neither of these, the file has no examples or is not UTF-8, a field is missing or
            of the wrong type, a label is unknown, or a span does not fit its text. The message names the file, the
            line and the field.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder, "answers.jsonl")
        ...     _ = file.write_text('{"prompt": "1 + 1?", "answer": 2}')
        ...     read_examples(file, Instruction)
        [Instruction(prompt='1 + 1?', answer='2', steps=())]
    """
    return [read.example for read in _read(Path(path), kind, labels, label_type)]


def load_task(
    path: str | Path,
    kind: type[Example],
    *,
    validation: str | Path | float = 0.1,
    test: str | Path | float = 0.1,
    labels: Sequence[str] | None = None,
    label_type: LabelType | None = None,
    seed: int = 0,
) -> Task[Example]:
    r"""Make a task from a user's own files.

    No given text is in two parts: the text that questions are about, the source, the prompt, and of a pair the longer
    text. A split keeps examples with the same one together.

    Args:
        path: Examples as :func:`read_examples` reads them.
        kind: What they are.
        validation: The file of the validation part, or the expected share of ``path`` to be split off.
        test: The same for the test part.
        labels: The classes in the order of their ids; ``None`` for those of ``path``, sorted.
        label_type: What the labels of pairs are, as in :func:`read_examples`.
        seed: Chooses among the many possible splits.

    Returns:
        The task, with the name of the file without its ending.

    Raises:
        ValueError: If a file cannot be read as :func:`read_examples` says, a validation or test file has a label that
            is not among the labels or a text that is given in another, or a split leaves a part with nothing.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder, "sums.csv")
        ...     _ = file.write_text("prompt,answer\n" + "".join(f"{n} + 1?,{n + 1}\n" for n in range(20)))
        ...     load_task(file, Instruction, validation=0.0, test=0.2)
        Task('sums', train=18, validation=0, test=2, labels=())
    """
    path = Path(path)
    sources = {"validation": validation, "test": test}
    files = {part: Path(source) for part, source in sources.items() if isinstance(source, str | Path)}
    shares: dict[str, float] = {part: source for part, source in sources.items() if not isinstance(source, str | Path)}

    reads = _read(path, kind, labels, label_type)
    if labels is None:
        labels = sorted(count_labels([read.example for read in reads]))
    split = split_documents(
        dict.fromkeys(read.given for read in reads), **dict.fromkeys(sources, 0.0) | shares, seed=seed
    )
    parts = {}
    for part in ("train", *shares):
        chosen = set(getattr(split, part))
        parts[part] = [read for read in reads if read.given in chosen]
        if not chosen and shares.get(part, 1.0) > 0:
            raise ValueError(f"file {str(path)!r} has {len(reads)} examples: too few for a {part} part with {shares}")
    parts |= {part: _read(file, kind, labels or None, label_type) for part, file in files.items()}
    _require_apart(parts)
    examples = {part: tuple(read.example for read in reads) for part, reads in parts.items()}
    return Task(name=path.stem, labels=tuple(labels), **examples)


def _require_apart(parts: dict[str, list[_Read]]) -> None:
    seen: dict[str, ExampleRow] = {}
    for reads in parts.values():
        for read in reads:
            if read.given in seen:
                raise ValueError(f"{read.row.place}: {read.given!r} is given in {seen[read.given].place}, too")
        seen |= {read.given: read.row for read in reads}


def _read(path: Path, kind: type[Example], labels: Sequence[str] | None, label_type: LabelType | None) -> list[_Read]:
    match path.suffix:
        case ".jsonl":
            rows = _jsonl_rows(path)
        case ".csv" if kind in (TaggedText, AnsweredQuestion):
            raise ValueError(f"file {str(path)!r} must end in .jsonl: a .csv file has no spans")
        case ".csv":
            rows = _csv_rows(path, kind, numbers=labels is None and label_type is not str)
        case _:
            raise ValueError(f"file {str(path)!r} must end in .jsonl or .csv")
    reads = [_Read(row, MAKE_EXAMPLE[kind](row, labels, label_type)) for row in rows]
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


def _csv_rows(path: Path, kind: type[Example], *, numbers: bool) -> Iterator[ExampleRow]:
    reader = csv.reader(StringIO(decode(path.read_bytes(), path), newline=""), strict=True)
    names = {field.name for field in fields(kind)} - {"steps"}
    try:
        with _long_cells():
            header, *lines = [(reader.line_num, cells) for cells in reader] or [(0, [])]
    except csv.Error as error:
        raise ValueError(f"file {str(path)!r}, line {reader.line_num}: not CSV ({error})") from error
    for line_number, cells in lines:
        if not cells:
            continue
        values: dict[str, Any] = {name: cell for name, cell in zip(header[1], cells, strict=False) if name in names}
        row = ExampleRow(path, line_number, values)
        if len(cells) != len(header[1]):
            raise ValueError(f"{row.place}: {len(cells)} cells under {len(header[1])} names")
        if kind is LabelledPair and numbers and "label" in values:
            values["label"] = _number_if_one(values["label"])
        yield row


@contextmanager
def _long_cells() -> Iterator[None]:
    """Lift Python's limit for cells, which is one for the whole process, for as long as a file is parsed."""
    limit = csv.field_size_limit(LARGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _number_if_one(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
