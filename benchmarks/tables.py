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


def write_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, num_keys: int = 2) -> None:
    """Put rows into a table of the README, each in place of an older one with the same first cells.

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
    new = {tuple(cells[:num_keys]): line(cells) for cells in rows}
    kept = {tuple(row.strip("| \n").split(" | ")[:num_keys]): row for row in old.splitlines(keepends=True)[2:]}
    README.write_text(before + begin + header(columns) + "".join((kept | new).values()) + end + after, encoding="utf-8")
