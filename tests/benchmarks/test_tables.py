import pytest

from benchmarks import tables

BEFORE = """Text.

<!-- speed: begin -->
| machine | what | tokens/s | of the ceiling |
|---|---|---|---|
| A | small | 1 | 72% |
| B | small | 2 | 50% |
<!-- speed: end -->

More.
"""


@pytest.fixture
def readme(tmp_path, monkeypatch):
    path = tmp_path / "README.md"
    path.write_text(BEFORE, encoding="utf-8")
    monkeypatch.setattr(tables, "README", path)
    return path


def test_rows_replace_those_of_the_same_machine_and_work(readme):
    columns = ["machine", "what", "tokens/s", "of the ceiling"]
    tables.write_rows("speed", columns, [["B", "small", "3", "60%"], ["B", "large", "1", "80%"]])
    rows = "| A | small | 1 | 72% |\n| B | small | 3 | 60% |\n| B | large | 1 | 80% |\n"
    assert readme.read_text(encoding="utf-8") == BEFORE.replace(
        BEFORE[BEFORE.index("| A") : BEFORE.index("<!-- speed: end")], rows
    )


def test_cells_of_older_rows_stay_under_their_names_when_columns_change(readme):
    tables.write_rows(
        "speed", ["machine", "what", "tokens/s", "spread", "of the ceiling"], [["C", "small", "4", "9 to 11", "90%"]]
    )
    lines = readme.read_text(encoding="utf-8").splitlines()[3:8]
    assert lines == [
        "| machine | what | tokens/s | spread | of the ceiling |",
        "|---|---|---|---|---|",
        "| A | small | 1 |  | 72% |",
        "| B | small | 2 |  | 50% |",
        "| C | small | 4 | 9 to 11 | 90% |",
    ]


def test_a_table_that_is_not_there_is_named(readme):
    with pytest.raises(ValueError, match="has no table called 'sped'"):
        tables.write_rows("sped", ["machine"], [["A"]])
