"""Tasks from your own files: one example per line of a ``.jsonl`` or ``.csv`` file."""

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
"""Maximum number of characters in a cell of a ``.csv`` file; Python's default is 131,072."""


class _Read(NamedTuple):
    """An example and the line from which it was read."""

    row: ExampleRow
    example: Any

    @property
    def given(self) -> str:
        """The text that no two parts of a task may share."""
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

    Each line of a ``.jsonl`` file is a JSON object with the fields of ``kind``. A span is the list
    ``[start, end, label]`` in a :class:`~lmkit.tasks.examples.TaggedText` and ``[start, end]`` in an
    :class:`~lmkit.tasks.examples.AnsweredQuestion`. The first line of a ``.csv`` file names the fields. All its values
    are text, so it can have neither spans nor steps. Other fields are ignored. A number counts as text where a class or
    an answer is expected, and half of a surrogate pair becomes U+FFFD.

    Args:
        path: A UTF-8 file whose name ends in ``.jsonl`` or ``.csv``.
        kind: The kind of example, such as :class:`~lmkit.tasks.examples.LabelledText`.
        labels: The allowed classes; ``None`` for any.
        label_type: Whether the labels of pairs are classes (``str``) or numbers (``float``). With ``None``, they are
            classes if ``labels`` is given; otherwise labels that are numbers count as numbers.

    Returns:
        The examples in file order; at least one.

    Raises:
        ValueError: If the file has another ending, no examples, or is not UTF-8, a field is missing or of the wrong
            type, a label is unknown, or a span does not fit its text. The message names the file, the line and the
            field.

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
    r"""Make a task from your own files.

    No two parts share an input: the text to label or to search for an answer, the source, the prompt, or the longer
    text of a pair. A split keeps examples with the same input together.

    Args:
        path: A file for :func:`read_examples`.
        kind: The kind of example.
        validation: The file of the validation part, or the expected share of ``path`` to use for it.
        test: The same for the test part.
        labels: The classes in the order of their ids; ``None`` for those of ``path``, sorted.
        label_type: Whether the labels of pairs are classes or numbers; see :func:`read_examples`.
        seed: Seed of the split.

    Returns:
        The task, named after the file without its ending.

    Raises:
        ValueError: If :func:`read_examples` rejects a file, a validation or test file has an unknown label or shares an
            input with another part, or a part of the split is empty.

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
            raise ValueError(
                f"file {str(path)!r} has {len(reads)} examples: too few for a {part} part with the shares {shares}"
            )
    parts |= {part: _read(file, kind, labels or None, label_type) for part, file in files.items()}
    _require_apart(parts)
    examples = {part: tuple(read.example for read in reads) for part, reads in parts.items()}
    return Task(name=path.stem, labels=tuple(labels), **examples)


def _require_apart(parts: dict[str, list[_Read]]) -> None:
    seen: dict[str, ExampleRow] = {}
    for reads in parts.values():
        for read in reads:
            if read.given in seen:
                raise ValueError(f"{read.row.location}: {read.given!r} is also in {seen[read.given].location}")
        seen |= {read.given: read.row for read in reads}


def _read(path: Path, kind: type[Example], labels: Sequence[str] | None, label_type: LabelType | None) -> list[_Read]:
    match path.suffix:
        case ".jsonl":
            rows = _jsonl_rows(path)
        case ".csv" if kind in (TaggedText, AnsweredQuestion):
            raise ValueError(f"file {str(path)!r} must end in .jsonl: a .csv file cannot hold spans")
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
    """Check that the labels are all classes or all numbers."""
    first = pairs[0]
    for row, example in pairs:
        if type(example.label) is not type(first.example.label):
            raise row.error(
                "label",
                f"{example.label!r}, but {first.row.location} has {first.example.label!r}: "
                "give classes only or numbers only",
            )


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
            raise ValueError(f"{row.location}: {len(cells)} cells, but the first line names {len(header[1])} fields")
        if kind is LabelledPair and numbers and "label" in values:
            values["label"] = _number_if_one(values["label"])
        yield row


@contextmanager
def _long_cells() -> Iterator[None]:
    """Raise Python's limit for cells, which holds for the whole process, while a file is parsed."""
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
