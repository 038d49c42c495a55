import pytest

from tests.book.small_books import build, code, markdown, read

COMMAND = "python chapters/_experiments/recall.py"
TEXT = r"""# Page

The share is {glue:text}`share` % or {glue:text}`whole`, the loss 1.4 ± 0.1 and 5 · 10; 3 4 and a % b stay, `7 % 3` too.

With $x$, $y$ and ($z$). From ({glue:text}`origin`).
"""


@pytest.fixture
def page(tmp_path):
    made = code(
        "made", recorded={"share": "'34'", "whole": "'100 %'", "origin": f"'{COMMAND}, 90 s on Linux, 2 cores'"}
    )
    _, warnings = build(
        tmp_path,
        "_sphinx.typography",
        "contents",
        {"page": [markdown("text", TEXT), made]},
        myst_enable_extensions=["dollarmath"],
    )
    assert not warnings
    return read(tmp_path, "page")


def test_a_number_and_its_sign_stay_on_one_line(page):
    text = page.select("section > p")[0].text
    assert text == (
        "The share is 34\xa0% or 100\xa0%, the loss 1.4\xa0±\xa00.1 and 5\xa0·\xa010; 3 4 and a % b stay, 7 % 3 too."
    )


def test_a_formula_stays_with_the_punctuation_after_it(page):
    assert [one.text for one in page.select(".together")] == [r"\(x\),", r"\(z\))."]
    assert page.select("section > p")[1].text.startswith(r"With \(x\), \(y\) and (\(z\)). From (")


def test_the_command_of_an_experiment_is_code_and_not_a_result(page):
    (origin,) = page.select(".origin")
    assert (origin.text, origin.code.text) == (f"{COMMAND}, 90 s on Linux, 2 cores", COMMAND)
