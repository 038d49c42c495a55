"""Claims, in a notebook and in small books that are really built."""

import json

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient

from lmkit.book import claim
from lmkit.book.claims import describe
from tests.book.small_books import build, code, markdown, read, rows_of

SEEDS = 'with claim("far", "attention recalls at 60 words", seeds=5, margin=0.2, attention=0.9, lstm={lstm}) as c:\n'
SOURCE = "from lmkit.book import claim\n\n" + SEEDS + '    assert c["attention"] - c["lstm"] > c.margin\n'


def record(name="far", **change):
    return {
        "name": name,
        "statement": "attention recalls at 60 words",
        "seeds": 5,
        "margin": 0.2,
        "values": {"attention": 0.9, "lstm": 0.5},
        "passed": True,
        "failure": None,
        **change,
    }


def claiming(cell="test-far", name="far", source="assert c", **change):
    """A cell that has tested a claim."""
    recorded = {f"claim:{name}": repr(json.dumps(record(name, **change)))}
    return code(cell, f'with claim("{name}", "…") as c:\n    {source}', recorded=recorded)


def build_book(folder, strict=False, **pages):
    return build(folder, "_sphinx.claims", "claim-ledger", pages, strict_claims=strict)


class TestClaim:
    def test_what_is_recorded(self):
        c = claim("far", "it holds.", seeds=3, margin=0.5, wins=torch.tensor([1, 2]), mean=np.float64(0.25), who="gpt")
        assert json.loads(json.dumps(c.record(None))) == {
            "name": "far",
            "statement": "it holds",
            "seeds": 3,
            "margin": 0.5,
            "values": {"wins": [1, 2], "mean": 0.25, "who": "gpt"},
            "passed": True,
            "failure": None,
        }
        assert c["who"] == "gpt"

    def test_in_a_program_a_failure_is_raised(self):
        with pytest.raises(AssertionError, match="too small"), claim("far", "it holds", x=1) as c:
            assert c["x"] > 1, "too small"

    def test_other_errors_are_raised(self):
        with pytest.raises(KeyError), claim("far", "it holds") as c:
            c["missing"]

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"name": "Far away"}, "name='Far away' must consist of lower-case letters, digits and single hyphens"),
            ({"name": "far--"}, "name='far--' must"),
            ({"statement": " "}, "statement of claim 'far' is empty"),
            ({"seeds": 0}, "seeds=0 must be at least 1"),
            ({"margin": 0.0}, r"margin=0\.0 must be positive"),
            ({"margin": float("nan")}, "margin=nan must be positive"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, change, message):
        with pytest.raises(ValueError, match=message):
            claim(**{"name": "far", "statement": "it holds", **change})

    def test_values_are_written_for_people(self):
        assert (
            describe({"mean_loss": 1.23456, "wins": [1, 2.5], "who": "gpt"}) == "mean loss 1.235, wins 1 2.5, who gpt"
        )

    def test_in_a_notebook_a_failure_is_shown_and_the_page_goes_on(self):
        cells = [nbformat.v4.new_code_cell(SOURCE.format(lstm=lstm)) for lstm in (0.8, 0.1)]
        notebook = nbformat.v4.new_notebook(cells=cells)
        NotebookClient(notebook, kernel_name="python3").execute()
        failed, passed = [cell.outputs for cell in notebook.cells]
        shown = [output.data["text/plain"] for output in failed if "text/plain" in output.get("data", {})]
        assert shown == ["This did not come out here: attention recalls at 60 words.\nattention 0.9, lstm 0.8"]
        assert len(passed) == 1  # the record, which does not show
        assert "text/plain" not in passed[0].data


@pytest.mark.filterwarnings("default")  # Sphinx's own are not ours to mend
class TestBook:
    def test_an_executed_page_says_how_it_came_out(self, tmp_path):
        text = "# One\n\nFirst. Attention *still* recalls here.{claim}`far` More."
        for lstm, sign in ((0.1, "✓"), (0.8, "✗")):
            cells = [markdown("text", text), code("test-far", SOURCE.format(lstm=lstm))]
            pages = {"one": cells}
            page, warnings = build(
                tmp_path, "_sphinx.claims", "claim-ledger", pages, nb_execution_mode="force", strict_claims=False
            )
            assert warnings == ""
            (mark,) = read(tmp_path, "one").select("a.claim")
            assert mark.get_text().startswith(sign)
            assert mark["href"] == "#cell-test-far"
            assert ("attention 0.9, lstm 0.8" in mark.get_text()) == (lstm == 0.8)
            row = rows_of(page)[0]
            assert row[:2] == ["One", "Attention still recalls here."]
            assert row[2].startswith("attention recalls at 60 words")
            assert row[3:] == ["5", "0.2", "test-far"]

    def test_a_failed_claim_is_an_error_where_claims_are_strict(self, tmp_path):
        cells = [markdown("text", "# One\n\nSo it is.{claim}`far`"), claiming(passed=False, failure="no")]
        assert build_book(tmp_path, one=cells)[1] == ""
        _, warnings = build_book(tmp_path, strict=True, one=cells)  # the page has not changed
        assert "claim 'far' failed: attention recalls at 60 words: did not come out here" in warnings
        assert "attention 0.9, lstm 0.5" in warnings
        assert len(warnings.splitlines()) == 1

    def test_captions_tables_and_alternative_texts_carry_claims(self, tmp_path):
        text = (
            "# One\n\n| model | recall |\n|---|---|\n| LSTM | 0.5 {claim}`table` |\n\n"
            "```{figure} a.svg\n:alt: A falling curve. {claim}`alt`\n\nThe curve falls.{claim}`caption`\n```\n"
        )
        (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
        names = ("table", "alt", "caption")
        cells = [markdown("text", text), *(claiming(f"test-{name}", name) for name in names)]
        page, warnings = build_book(tmp_path, one=cells)
        assert warnings == ""
        assert [row[1] for row in rows_of(page)] == ["0.5", "Image: A falling curve.", "The curve falls."]
        one = read(tmp_path, "one")
        assert one.img["alt"] == "A falling curve."
        assert [mark.get_text() for mark in one.select("td a.claim, figcaption a.claim")] == ["✓checked"] * 2

        cells[2] = claiming("test-alt", "alt", passed=False, failure="no")
        build_book(tmp_path, one=cells)
        assert read(tmp_path, "one").img["alt"].startswith("A falling curve. (This did not come out here (attention")

    def test_the_caption_of_a_cells_figure_carries_claims(self, tmp_path):
        figure = {"figure": {"caption": "It falls.{claim}`cap`"}, "image": {"alt": "A curve. {claim}`alt`"}}
        drawing = code("draw", metadata={"mystnb": figure})
        svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
        drawing.outputs = [nbformat.v4.new_output("display_data", data={"image/svg+xml": svg})]
        cells = [markdown("text", "# One"), drawing, claiming("test-cap", "cap"), claiming("test-alt", "alt")]
        page, warnings = build_book(tmp_path, one=cells)
        assert warnings == ""
        assert [row[1] for row in rows_of(page)] == ["It falls.", "Image: A curve."]
        assert read(tmp_path, "one").img["alt"] == "A curve."

    def test_the_alternative_text_of_a_diagram_carries_claims(self, tmp_path):
        body = ":alt: Text leads to ids. {claim}`far`\nnodes:\n  a: {at: [0, 0], text: A}\n"
        text = markdown("text", f"# One\n\n```{{diagram}} A diagram.\n{body}```")
        settings = {"extensions": ["myst_nb", "_sphinx.claims", "_sphinx.diagrams"], "strict_claims": False}
        for passed, more in ((True, ""), (False, " (This did not come out here (attention 0.9, lstm 0.5).)")):
            pages = {"one": [text, claiming(passed=passed, failure=None if passed else "no")]}
            page, warnings = build(tmp_path, "_sphinx.claims", "claim-ledger", pages, **settings)
            assert warnings == ""
            assert rows_of(page)[0][1] == "Image: Text leads to ids."
            assert read(tmp_path, "one").desc.get_text() == f"Text leads to ids.{more}"

    def test_another_page_may_cite_a_claim(self, tmp_path):
        pages = {"one": [markdown("text", "# One"), claiming()], "two": [markdown("text", "# Two\n\nSo.{claim}`far`")]}
        _, warnings = build_book(tmp_path, **pages)
        assert warnings == ""
        assert read(tmp_path, "two").select_one("a.claim")["href"] == "one.html#cell-test-far"
        pages["one"][1] = claiming(passed=False, failure="no")
        build_book(tmp_path, **pages)  # the citing page has not changed
        assert read(tmp_path, "two").select_one("a.claim").get_text().startswith("✗")

    def test_what_does_not_fit_is_a_warning(self, tmp_path):
        hidden = claiming("test-hidden", "hidden")
        hidden.metadata["tags"] = ["remove-cell"]
        names = "bare", "hidden", "skipped", "empty", "twice", "computed"
        _, warnings = build_book(
            tmp_path,
            one=[
                markdown("text", "# One\n\n" + "".join(f"So.{{claim}}`{name}`\n" for name in names)),
                hidden,
                claiming("test-silent", "silent"),
                code("test-skipped", 'with claim("skipped", "…"):\n    assert True'),
                claiming("test-empty", "empty", source="print(c)"),
                claiming("test-twice", "twice"),
                code("computed", "claim(name)", recorded={"claim:computed": repr(json.dumps(record("computed")))}),
            ],
            two=[markdown("text", "# Two"), claiming("test-twice", "twice")],
        )
        for message in (
            "claim 'bare' has no cell: with claim('bare', ...)",
            "cell 'test-hidden' tests claim 'hidden', but is not shown",
            "claim 'silent' is nowhere in the text: put {claim}`silent` after the sentence",
            "claim 'skipped' was not tested: its cell recorded nothing",
            "cell 'test-empty' tests claim 'empty', but asserts nothing",
            "claim 'twice' is also tested on one",
            "claim 'computed': write its name into its cell as a text",
            "claim 'computed' has no cell",
        ):
            assert message in warnings
        assert len(warnings.splitlines()) == 8
