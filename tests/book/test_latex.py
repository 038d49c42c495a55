"""Formulas evaluated from their LaTeX; a slip in a formula of a page makes its check fail."""

import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from lmkit.book import check_equation
from lmkit.book.equations import evaluate_formula, find_formula

CHAPTERS = Path(__file__).parents[2] / "chapters"
GENERATOR = np.random.default_rng(0)


def check_fails(latex, values, tolerance=1e-9):
    try:
        evaluate_formula(latex, values, tolerance=tolerance)
    except (AssertionError, ValueError, ZeroDivisionError):
        return True
    return False


@pytest.mark.parametrize(
    ("latex", "values"),
    [
        (r"\tfrac12 + \frac{1}{4} = 0.75", {}),
        (r"2^3 - 2 \cdot 3 / 4 = 6.5", {}),
        (r"\sqrt{x} \sqrt x = \lvert -x \rvert", {"x": 2}),
        (r"e^{\log 2} = \exp(\ln 2)", {}),
        (r"\log x y = \log(x y)", {"x": 2, "y": 3}),
        (r"\log(x) y = 3 \log x", {"x": 2, "y": 3}),
        (r"\cos \pi = -1, \quad \sin(\pi / 2) = 1", {}),
        (r"\max(1, x) = \min\left(x, 5\right)", {"x": 3}),
        (r"30\,\% = 0.3", {}),
        (r"\sum_{i=2}^{n} i = 9", {"n": 4}),
        (r"\prod_{i=1}^{n} i = 24", {"n": 4}),
        (r"\sum_i a_i = 6 = \max_i a_i + 3", {"a": [1, 2, 3]}),
        (r"\sum_{i \ne 2} a_i = 4, \sum_{i < m} a_i = 3", {"a": [1, 2, 3], "m": 3}),
        (r"\sum_i \sum_j B_{ij} = \sum_j \sum_i B_{i,j}", {"B": [[1, 2, 3], [4, 5, 6]]}),
        (r"\sum_{i=1}^{2} (a_{i+1} - a_i) = a_3 - a_1", {"a": [1, 2, 4]}),
        (r"\sum_{s=1}^{t} a_s = c_t", {"a": [1, 2, 3], "c": [1, 3, 6]}),
        (r"\delta_{ij} = I_{ij}", {"I": np.eye(3)}),
        (r"z_{b y_b} = x_b", {"z": [[1, 2], [3, 4]], "y": [2, 1], "x": [2, 3]}),
        (r"q \cdot k = q^\top k = 11", {"q": [1, 2], "k": [3, 4]}),
        (r"k_1 \cdot k_2 = 2", {"k": [[1, 1], [0, 2]]}),
        (r"\lVert q \rVert = 5, \operatorname{tr} A = 5", {"q": [3, 4], "A": [[1, 2], [3, 4]]}),
        (r"(A B)^\top = B^\top A^\top", {"A": GENERATOR.normal(size=(2, 3)), "B": GENERATOR.normal(size=(3, 4))}),
        (r"P(w \mid c) &= \frac{C(cw)}{C(c\,\cdot)}", {r"P(w \mid c)": 0.3, "C(cw)": 3, r"C(c\,\cdot)": 10}),
        (r"\sum_x P(x) = 1 \quad \text{for all } y.", {"P(x)": ("x", [0.25, 0.75])}),
        (r"F(A) = A \qquad\text{or}\qquad F(1) = 1", {"F": lambda value: value, "A": [[1, 2]]}),
        (r"\begin{aligned} a &= b && (T \times d) \\ &\le c \\ b &\ge a \end{aligned}", {"a": 1, "b": 1, "c": 2}),
        ("4 D^2 + D,", {"D": 2, "=": 18}),
        (r"a \approx b", {"a": 1.0, "b": 1.0 + 1e-10}),
    ],
)
def test_formulas_that_hold(latex, values):
    assert evaluate_formula(latex, values) < 1e-9


def test_softmax_is_of_rows_and_of_a_column():
    scores = GENERATOR.normal(size=(3, 4))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert evaluate_formula(r"A = \operatorname{softmax}\big(S\big)", {"A": shares, "S": scores}) < 1e-12
    assert evaluate_formula(r"a = \operatorname{softmax}(s)", {"a": shares[0], "s": scores[0]}) < 1e-12


@pytest.mark.parametrize(
    ("latex", "values", "message"),
    [
        ("x = y", {"x": 1}, "'y' has no value"),
        ("x = (1", {"x": 1}, "has no partner"),
        ("x = 1)", {"x": 1}, "has no partner"),
        ("x = (1]", {"x": 1}, r"expected \)"),
        (r"x = \foo 1", {"x": 1}, "is no function"),
        (r"x = \operatorname{softmin}(1)", {"x": 1}, "'softmin' .* is no function"),
        (r"\sum_i i = 1", {}, "how far index i runs"),
        (r"a_i = b_i", {"a": [1, 2], "b": [1, 2, 3]}, "index i runs over 2 and over 3"),
        (r"a_3 = 1", {"a": [1, 2]}, r"a has no entry \(3,\)"),
        (r"a_0 = 1", {"a": [1, 2]}, r"a has no entry \(0,\)"),
        (r"a_{ij} = 1", {"a": [1, 2]}, "a has 1 axes"),
        ("4 D", {"D": 1}, "states nothing"),
    ],
)
def test_what_cannot_be_evaluated_is_named(latex, values, message):
    with pytest.raises(ValueError, match=message):
        evaluate_formula(latex, values)


@pytest.mark.parametrize(
    ("latex", "values"),
    [
        ("x = 1", {"x": 1 + 1e-6}),
        (r"x \le 1", {"x": 1 + 1e-6}),
        (r"x \ge 1", {"x": 1 - 1e-6}),
        (r"1 < 2 < x", {"x": 1.0}),
        (r"a_i = b_i", {"a": [1, 2], "b": [1, 3]}),
        ("A = B", {"A": [[1, 2]], "B": [[1], [2]]}),
        ("x = 1, y = 3", {"x": 1, "y": 2}),
    ],
)
def test_formulas_that_do_not_hold(latex, values):
    with pytest.raises(AssertionError):
        evaluate_formula(latex, values)


def mean_slope(d_k):
    """The mean of the sigmoid's slope at a difference of two scores, by the trapezoidal rule."""
    z = np.linspace(-60, 60, 200_001)
    slope = 1 / (2 + np.exp(z) + np.exp(-z))
    return np.trapezoid(slope * np.exp(-(z**2) / (4 * d_k)) / np.sqrt(4 * np.pi * d_k), z)


def attention_values():
    """A small attention with its gradients, worked out by NumPy alone."""
    weights, values = GENERATOR.dirichlet(np.ones(4), size=3), GENERATOR.normal(size=(4, 2))
    output_bar = GENERATOR.normal(size=(3, 2))
    weights_bar = output_bar @ values.T
    jacobians = [np.diag(row) - np.outer(row, row) for row in weights]
    scores_bar = np.array([jacobian @ bar for jacobian, bar in zip(jacobians, weights_bar, strict=True)])
    return {
        "A": weights,
        "V": values,
        "O": weights @ values,
        r"\bar V": weights.T @ output_bar,
        r"\bar O": output_bar,
        r"\bar A": weights_bar,
        r"\bar \Sigma": scores_bar,
    }


P, Q = GENERATOR.dirichlet(np.ones(5), size=2)
COUNTS = {"C(cw)": 0, r"C(c\,\cdot)": 10}
PAGES = {
    "two-key-gradient": ("mathematics", {"d_k": 1024, r"\mathbb{E}[\sigma'(z)]": mean_slope(1024)}),
    "gradient-of-values": ("mathematics", attention_values()),
    "gradient-of-weights": ("mathematics", attention_values()),
    "gradient-of-scores": ("mathematics", attention_values()),
    "additive-smoothing": ("concepts", {**COUNTS, r"P(w \mid c)": 0.5 / 13.5, r"\alpha": 0.5, "V": 7}),
    "kneser-ney": (
        "concepts",
        {
            **COUNTS,
            r"P(w \mid c)": 0.5 * 4 / 10 * 0.2,
            r"P(w \mid c')": 0.2,
            r"N_{1+}(c\,\cdot)": 4,
            "D": 0.5,
        },
    ),
    "gibbs": ("concepts", {"P(x)": ("x", P), "Q(x)": ("x", Q), "H": -(P * np.log(P)).sum()}),
}
"""Formulas of pages, with values that were worked out here."""


def slips(latex):
    """The formula with one thing wrong: a constant, a sign, an index, a fraction upside down.

    Not where it changes nothing: in names, in the symmetric delta, before the logarithm of one.
    """
    protected = [
        match.span()
        for match in re.finditer(
            r"d_k|\\delta_\{us\}|\\ge -|\\mathbb\{E\}\[.*?\]|C\(.*?\)|N_\{1\+\}|P\(.*?\)|Q\(.*?\)", latex
        )
    ]

    def replace(match, new):
        if not any(first <= match.start() < last for first, last in protected):
            yield latex[: match.start()] + new + latex[match.end() :]

    for match in re.finditer(r"\d+", latex):
        yield from replace(match, str(2 * int(match[0]) or 1))
    for match in re.finditer(r"(?<=[^&={\s])\s*([+-])", latex):
        yield from replace(match, {"+": "-", "-": "+"}[match[1]])
    for match in re.finditer(r"_\{(\w)(\w)\}", latex):
        yield from replace(match, f"_{{{match[2]}{match[1]}}}")
    for match in re.finditer(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", latex):
        yield from replace(match, rf"\frac{{{match[2]}}}{{{match[1]}}}")


@pytest.mark.parametrize("label", PAGES)
def test_a_slip_in_a_formula_of_a_page_makes_its_check_fail(label):
    part, values = PAGES[label]
    latex = find_formula(label, CHAPTERS / part)
    assert not check_fails(latex, values)
    wrong = set(slips(latex))
    if label == "two-key-gradient":  # a looser bound holds too
        wrong = {formula for formula in wrong if check_fails(formula, values)}
        assert latex.replace("12", "24") in wrong
    assert wrong
    kept = {formula for formula in wrong if not check_fails(formula, values)}
    assert kept == set()


def page(text):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])


@pytest.mark.parametrize(
    "text",
    [
        "```{math}\n:label: sum\na + b = c\n```\n\n```{math}\n:label: other\nx\n```",
        "```{math}\n:label: other\nx\n```\n\n:::{math}\n:label: sum\na + b = c\n:::",
        "<!-- equation sum -->\n$$\na + b = c\n\\tag{3}\n$$",
    ],
    ids=["fence", "colons", "download"],
)
def test_a_page_and_its_download_have_the_formula(tmp_path, monkeypatch, text):
    nbformat.write(page(text), tmp_path / "one.ipynb")
    assert find_formula("sum", tmp_path) == "a + b = c"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lmkit.book.equations.in_notebook", lambda: False)  # another test may have started IPython
    check_equation("sum", {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 1, "c": 2})
    with pytest.raises(AssertionError, match=r"2\.0 = 3\.0 does not hold in a \+ b = c"):
        check_equation("sum", {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 1, "c": 3})
    with pytest.raises(ValueError, match="cases of 'sum' is empty"):
        check_equation("sum")
    with pytest.raises(ValueError, match="has a formula with the label 'none'"):
        check_equation("none", {})


def test_in_a_notebook_without_the_formula_the_page_says_so_and_goes_on(tmp_path):
    nbformat.write(page("```{math}\n:label: sum\na = b\n```"), tmp_path / "one.ipynb")
    lines = [
        "from lmkit.book import check_equation",
        *(f"check_equation({x!r}, dict(a=1, b=1))" for x in ("sum", "no")),
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(line) for line in lines])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    (found,), (missing,) = notebook.cells[1].outputs, notebook.cells[2].outputs
    assert "text/plain" not in found.data  # the record, which does not show
    (record,) = found.data.values()
    assert json.loads(record[1:-1]) == {"latex": "a = b", "error": 0.0}
    assert missing.data["text/plain"].startswith("The formula was not evaluated: no notebook in")
