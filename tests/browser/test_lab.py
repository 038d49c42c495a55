"""A student opens an exercise in JupyterLab, runs it, validates it, and fills in an answer."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.browser.jupyter import TOKEN, jupyter_lab

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
RUNNING_MS = 90_000  # a kernel starts, imports torch and runs every cell


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("student")
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    with jupyter_lab(folder / "exercises", folder / "home") as address:
        yield address


def solution(grade_id: str) -> str:
    notebook = nbformat.read(ROOT / "solutions/language_models/language_models.ipynb", as_version=4)
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
    return "\n".join(line for line in cell.source.splitlines() if not line.strip().startswith("###"))


def run_all_cells(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def validate(page: Page) -> str:
    """Press Validate and return what the student is told."""
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog-content")
    expect(dialog).to_contain_text(re.compile("passes|failed", re.IGNORECASE), timeout=RUNNING_MS)
    told = dialog.inner_text()
    dialog.get_by_role("button", name="OK").click()
    expect(dialog).to_have_count(0)
    return told


def test_a_student_sees_what_fails_and_then_that_it_passes(browser, lab):
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.goto(f"{lab}/lab/tree/language_models/language_models.ipynb?token={TOKEN}")
    answer = page.locator(".jp-CodeCell").filter(has_text="def count_ngrams(").first
    expect(answer).to_be_visible(timeout=60_000)
    # Cells that are run before the kernel is there are silently dropped.
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=RUNNING_MS)

    run_all_cells(page)
    failures = page.locator(".jp-OutputArea-output").filter(has_text="NotImplementedError")
    expect(failures.first).to_be_visible(timeout=RUNNING_MS)
    told = validate(page)
    assert "count_ngrams" in told
    assert "NotImplementedError" in told

    answer.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(solution("count_ngrams"))
    expect(answer).not_to_contain_text("NotImplementedError")
    told_after = validate(page)
    assert "count_ngrams" not in told_after.replace("smoothed", "")
    assert "NotImplementedError" in told_after  # the other tasks are still to do
    page.close()
