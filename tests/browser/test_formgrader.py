"""An instructor looks at a graded class in the formgrader."""

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import TOKEN, jupyter_lab
from tests.grading import classroom
from tests.grading.classroom import ASSIGNMENT

pytestmark = pytest.mark.browser

WAIT_MS = 30_000


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instructor")
    course = classroom.make_course(folder / "course")
    students = {"ada": classroom.answered, "bo": classroom.partly_right, "cy": classroom.defacing}
    classroom.hand_in(course, students)
    assert classroom.grade(course).returncode == 0
    return course


@pytest.fixture(scope="module")
def formgrader(course):
    with jupyter_lab(course, course.with_name("home")) as address:
        yield address


@pytest.fixture
def page(browser):
    page = browser.new_page(extra_http_headers={"Authorization": f"token {TOKEN}"})
    yield page
    page.close()


def test_the_assignment_is_listed_with_its_submissions(page, formgrader):
    page.goto(f"{formgrader}/formgrader")
    row = page.locator("tbody tr").filter(has_text=ASSIGNMENT)
    expect(row.locator(".num-submissions")).to_have_text("3", timeout=WAIT_MS)


def test_the_scores_of_the_class_are_shown(page, formgrader):
    page.goto(f"{formgrader}/formgrader/manage_submissions/{ASSIGNMENT}")
    for student, score in {"ada": "4 / 7", "bo": "2 / 7", "cy": "4 / 7"}.items():
        row = page.locator("tbody tr").filter(has_text=student)
        expect(row.locator(".score")).to_have_text(score, timeout=WAIT_MS)


def test_what_students_wrote_does_not_run_in_the_instructors_browser(page, formgrader, picture):
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{formgrader}/formgrader/gradebook/{ASSIGNMENT}/{ASSIGNMENT}")
    links = page.locator("tbody tr td.name a:visible")
    expect(links).to_have_count(3, timeout=WAIT_MS)
    page.set_viewport_size({"width": 1100, "height": 450})
    picture(page, "instructor-formgrader")
    seen = []
    for address in [link.get_attribute("href") for link in links.all()]:
        page.goto(f"{formgrader}{address}")
        expect(page.get_by_text("Student's answer").first).to_be_visible(timeout=WAIT_MS)
        bold = page.locator("b", has_text="bold").all_inner_texts()
        expect(page.locator("mjx-container")).to_have_count(len(bold), timeout=WAIT_MS)
        seen += bold
        assert "defaced" not in page.title()
    assert seen == ["bold"]
    assert [url for url in requests if not url.startswith((formgrader, "data:"))] == []


def test_a_feedback_page_sets_its_formulas_without_a_network(browser, course):
    page = browser.new_page()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((course / "feedback" / "cy" / ASSIGNMENT / f"{ASSIGNMENT}.html").as_uri())
    expect(page.locator("mjx-container")).to_have_count(1, timeout=WAIT_MS)
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    page.close()
