"""A student opens an exercise in JupyterLab, runs it, validates it, and fills in an answer."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from lmkit.book import read_assignments
from tests.browser.jupyter import TOKEN, jupyter_lab

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
RUNNING_MS = 90_000  # a kernel starts, imports torch and runs every cell


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """What `make lab` opens."""
    folder = tmp_path_factory.mktemp("student")
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    arguments = re.search(r"/jupyter lab (.+)", (ROOT / "Makefile").read_text(encoding="utf-8"))[1].split()
    with jupyter_lab(folder, folder / "home", *arguments) as address:
        yield address


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    yield page
    page.close()


def open_notebook(page: Page, lab: str, path: str) -> None:
    page.goto(f"{lab}/lab/tree/{path}?token={TOKEN}&reset")  # without the notebook that was open before
    # Cells that are run before the kernel is there are silently dropped.
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=RUNNING_MS)


def solution(grade_id: str) -> str:
    notebook = nbformat.read(ROOT / "solutions/language_models/language_models.ipynb", as_version=4)
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
    return "\n".join(line for line in cell.source.splitlines() if not line.strip().startswith("###"))


def run_all_cells(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def fill_in(page: Page, answer: Locator, source: str) -> None:
    answer.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
    expect(answer).not_to_contain_text("NotImplementedError")


def validate(page: Page, look: Callable[[], None] = lambda: None) -> str:
    """Press Validate and return what the student is told."""
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog-content")
    expect(dialog).to_contain_text(re.compile("passes|failed", re.IGNORECASE), timeout=RUNNING_MS)
    told = re.sub(r"\s*\n\s*", "\n", dialog.inner_text())
    look()
    dialog.get_by_role("button", name="OK").click()
    expect(dialog).to_have_count(0)
    return told


def test_a_student_sees_what_fails_and_then_that_it_passes(page, lab, picture):
    open_notebook(page, lab, "language_models/language_models.ipynb")
    answer = page.locator(".jp-CodeCell").filter(has_text="def count_ngrams(").first
    expect(answer).to_be_visible(timeout=60_000)

    run_all_cells(page)
    failures = page.locator(".jp-OutputArea-output").filter(has_text="NotImplementedError")
    expect(failures.first).to_be_visible(timeout=RUNNING_MS)
    fill_in(page, answer, "def count_ngrams(tokens, n):\n    return {(token,): 1 for token in tokens}")
    told = validate(page, lambda: picture(page, "student-validate"))
    assert "count_ngrams_visible (the code of this test is in the notebook)\nAssertionError: " in told
    assert "NotImplementedError: there is no answer yet" in told
    assert "def check_" not in told

    fill_in(page, answer, solution("count_ngrams"))
    told_after = validate(page)
    assert "count_ngrams_visible" not in told_after
    assert "NotImplementedError" in told_after  # the other tasks are still to do


def test_the_guide_lists_the_assignments_and_shows_progress(page, lab, picture):
    """Comes after the test above, which solves a task."""
    open_notebook(page, lab, "guide.ipynb")
    run_all_cells(page)
    rows = page.locator(".jp-OutputArea-output tbody tr")
    expect(rows).to_have_count(len(read_assignments(ROOT / "exercises")), timeout=RUNNING_MS)
    expect(rows.first).to_contain_text("1 of 5")
    picture(page, "student-guide")
    rows.first.get_by_role("link", name="Language models").click()
    expect(page.get_by_role("tab", name="language_models.ipynb")).to_be_visible(timeout=RUNNING_MS)


def test_solutions_are_not_in_view(page, lab):
    listed = page.request.get(f"{lab}/api/contents?token={TOKEN}").json()["content"]
    names = {entry["name"] for entry in listed}
    assert "guide.ipynb" in names
    assert names == {path.name for path in (ROOT / "exercises").iterdir() if not path.name.startswith(".")}
