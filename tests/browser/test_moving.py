"""The moving piece of the home page, in a real browser."""

import pytest
from _sphinx.moving import FRAMES, draw, write
from axe_playwright_python.sync_playwright import Axe

from tests.browser.figure_page import write_page

pytestmark = pytest.mark.browser

VISIBLE = """
frames => frames.flatMap((frame, number) => getComputedStyle(frame).visibility === "visible" ? [number] : [])
"""
SEEK = "time => document.getAnimations().forEach(each => { each.pause(); each.currentTime = time; })"


@pytest.fixture(scope="module")
def open_page(browser, tmp_path_factory):
    prompt = "Sophie worked as a nurse, and one windy morning"
    body = f'<div class="moving-figure">{draw(prompt, write(prompt))}</div>'
    folder = tmp_path_factory.mktemp("moving")

    def open_page(scheme="light", **options):
        page = browser.new_page(**options)
        page.goto(write_page(folder, body, scheme=scheme))
        return page

    return open_page


def visible(page):
    return page.locator(".moving .frame").evaluate_all(VISIBLE)


def test_one_frame_at_a_time(open_page):
    page = open_page()
    for number in range(FRAMES):
        page.evaluate(SEEK, 1000 * (2.4 * number + 1.2))
        assert visible(page) == [number]
    page.close()


def test_a_reader_can_stop_it_with_the_keyboard(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    states = page.evaluate("document.getAnimations().map(each => each.playState)")
    assert states == ["paused"] * FRAMES
    page.close()


def test_without_motion_and_on_paper_the_last_frame_is_shown(open_page):
    page = open_page(reduced_motion="reduce")
    assert visible(page) == [FRAMES - 1]
    page.emulate_media(media="print", reduced_motion="no-preference")
    assert visible(page) == [FRAMES - 1]
    assert not page.get_by_role("checkbox").is_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_it_fits_a_phone(open_page, scheme):
    page = open_page(scheme, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    assert not [(violation["id"], violation["nodes"][0]["html"]) for violation in found]
    page.close()
