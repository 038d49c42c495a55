"""An instructor looks at a graded class in the formgrader."""

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import jupyter_lab
from tests.grading import classroom
from tests.grading.classroom import ASSIGNMENT

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def formgrader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instructor")
    course = classroom.make_course(folder / "course")
    students = {"ada": classroom.answered, "bo": classroom.partly_right, "cy": classroom.defacing}
    classroom.hand_in(course, students)
    assert classroom.grade(course).returncode == 0
    with jupyter_lab(course, folder / "home") as address:
        yield address


def test_the_assignment_is_listed_with_its_submissions(browser, formgrader):
    page = browser.new_page()
    page.goto(formgrader("/formgrader"))
    row = page.locator("tbody tr").filter(has_text=ASSIGNMENT)
    expect(row).to_be_visible(timeout=30_000)
    expect(row.locator(".num-submissions")).to_have_text("3")
    page.close()


def test_the_scores_of_the_class_are_shown(browser, formgrader):
    page = browser.new_page()
    page.goto(formgrader(f"/formgrader/manage_submissions/{ASSIGNMENT}"))
    for student, score in {"ada": "4 / 7", "bo": "2 / 7", "cy": "4 / 7"}.items():
        row = page.locator("tbody tr").filter(has_text=student)
        expect(row.locator(".score")).to_have_text(score, timeout=30_000)
    page.close()


def test_what_students_wrote_does_not_run_in_the_instructors_browser(browser, formgrader):
    page = browser.new_page()
    page.goto(formgrader(f"/formgrader/gradebook/{ASSIGNMENT}/{ASSIGNMENT}"))
    names = page.locator("tbody tr a")
    expect(names).to_have_count(3, timeout=30_000)
    seen = []
    for address in [name.get_attribute("href") for name in names.all()]:
        page.goto(formgrader(address))
        expect(page.get_by_text("Student's answer").first).to_be_visible()
        seen += page.locator("b", has_text="bold").all_inner_texts()
        assert "defaced" not in page.title()
    assert seen == ["bold"]
    page.close()
