"""The tables of this folder's README, which the programs write themselves."""

from collections.abc import Sequence
from pathlib import Path

README = Path(__file__).with_name("README.md")


def line(cells: Sequence[str]) -> str:
    """A row in Markdown."""
    return f"| {' | '.join(cells)} |\n"


def header(columns: Sequence[str]) -> str:
    """The first two lines of a table."""
    return line(columns) + "|---" * len(columns) + "|\n"


def cells_of(row: str) -> list[str]:
    """The cells of a row in Markdown."""
    return [cell.strip() for cell in row.strip().removeprefix("|").removesuffix("|").split("|")]


def write_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, num_keys: int = 2) -> None:
    """Put rows into a table of the README, each in place of an older one with the same first cells.

    Other rows stay; where the columns have changed, their cells go to the columns of the same names.

    Args:
        table: Its name, as in the comments around it.
        columns: What its columns are called.
        rows: Their cells.
        num_keys: How many cells at the beginning say what was measured, the machine first.
    """
    begin, end = f"<!-- {table}: begin -->\n", f"<!-- {table}: end -->\n"
    before, found, rest = README.read_text(encoding="utf-8").partition(begin)
    old, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ValueError(f"{README} has no table called {table!r}")
    kept = {}
    if old:
        names, _, *lines = (cells_of(text) for text in old.splitlines())
        for cells in lines:
            row = dict(zip(names, cells, strict=True))
            kept[tuple(cells[:num_keys])] = [row.get(column, "") for column in columns]
    merged = kept | {tuple(cells[:num_keys]): cells for cells in rows}
    table_text = header(columns) + "".join(line(cells) for cells in merged.values())
    README.write_text(before + begin + table_text + end + after, encoding="utf-8")
