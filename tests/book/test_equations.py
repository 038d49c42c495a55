"""The ledger of equations in small books that are really built."""

import json

import pytest

from tests.book import small_books
from tests.book.small_books import read, rows_of

EQUATION = "```{{math}}\n:label: {}\nx = x\n```\n"


def markdown(name, *labels):
    return small_books.markdown(name, f"# {name}\n\n" + "\n".join(map(EQUATION.format, labels)))


def code(name, *tags, **recorded):
    errors = {f"check:{label}": text for label, text in recorded.items()}
    return small_books.code(name, metadata={"tags": list(tags)}, recorded=errors)


def build(folder, **pages):
    return small_books.build(folder, "_sphinx.equations", "equation-ledger", pages)


@pytest.mark.filterwarnings("default")  # Sphinx's own are not ours to mend
def test_the_ledger_lists_equations_cells_and_errors(tmp_path):
    pages = {
        "one": [
            markdown("first", "sum", "def-loss"),
            code("check-sum", "check:sum", "hide-input", sum="2.5e-13"),
            code("check-again", "check:sum"),
        ],
        "two": [markdown("second", "bound"), code("check-bound", "check:bound")],
    }
    page, warnings = build(tmp_path, **pages)
    assert warnings == ""
    assert rows_of(page) == [
        ["first", "(1)sum", "check-sum,check-again", "by hand", "2.5e-13"],
        ["first", "(2)def-loss", "definition", "", ""],
        ["second", "(3)bound", "check-bound", "by hand", "holds"],
    ]
    for link in page.select("tbody a"):
        target, _, anchor = link["href"].partition("#")
        other = read(tmp_path, target.removesuffix(".html"))
        assert not anchor or other.find(id=anchor)
    assert other.find(id="cell-check-bound").get_text().strip() == "1 < 2"

    pages["two"][1] = code("check-bound", "check:bound", bound="0.0")
    page, warnings = build(tmp_path, **pages)  # the ledger's own page has not changed
    assert warnings == ""
    assert rows_of(page)[-1] == ["second", "(3)bound", "check-bound", "by hand", "0"]


@pytest.mark.filterwarnings("default")
def test_what_does_not_fit_is_a_warning(tmp_path):
    _, warnings = build(
        tmp_path,
        one=[
            markdown("first", "bare", "wrong", "hidden", "negative"),
            code("elsewhere", "check:other"),
            code("check-wrong", "check:wrong", wrong="'small'"),
            code("check-negative", "check:negative", negative="-1.0"),
            code("check-hidden", "check:hidden", "remove-cell"),
            code("lost", bare="0.0"),
        ],
        two=[markdown("second", "other")],
    )
    for message in (
        "equation 'bare' has no check: tag a cell check:bare, or begin the label of a definition with def-",
        "check:bare is recorded, but no cell has this tag",
        "cell 'check-hidden' checks an equation, but is not shown",
        "equation 'hidden' has no check",
        "check:wrong: 'small' is not a finite number of at least 0",
        "check:negative: -1.0 is not a finite number of at least 0",
        "check:other checks no equation of this page",
        "equation 'other' has no check",
    ):
        assert message in warnings
    assert len(warnings.splitlines()) == 8


@pytest.mark.filterwarnings("default")
def test_the_ledger_says_which_formulas_were_evaluated(tmp_path):
    def evaluating(label, latex, error=1e-12):
        record = {f"latex:{label}": repr(json.dumps({"latex": latex, "error": error}))}
        source = f"check_equation({label!r}, dict(x=1))"
        return small_books.code(f"at-{label}", source, metadata={"tags": [f"check:{label}"]}, recorded=record)

    silent = small_books.code("at-bare", "check_equation('bare', dict(x=1))", metadata={"tags": ["check:bare"]})
    cells = [
        markdown("one", "sum", "wrong", "bare"),
        evaluating("sum", "x  =\nx"),
        evaluating("wrong", "x = y"),
        silent,
    ]
    page, warnings = build(tmp_path, one=cells)
    assert [row[3:] for row in rows_of(page)] == [
        ["from its LaTeX", "1.0e-12"],
        ["by hand", "holds"],
        ["by hand", "holds"],
    ]
    assert "check_equation('wrong'): this is not a formula of the page" in warnings
    assert "equation 'wrong' was not evaluated: its cell recorded nothing" in warnings
    assert "equation 'bare' was not evaluated" in warnings
    assert len(warnings.splitlines()) == 3
