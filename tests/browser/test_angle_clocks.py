"""The clocks of rotary positions in a real browser, two of them on one page."""

import math

import pytest
import torch

from lmkit.book import angle_clocks
from lmkit.nn import angles
from tests.browser.figure_page import figure_pages, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def open_page(browser, tmp_path_factory):
    """Opens the page; no console error may have come up when it is closed."""
    body = angle_clocks(16, trained=32, longest=255).html + angle_clocks(8, trained=16, longest=64).html
    with figure_pages(browser, tmp_path_factory.mktemp("clocks"), body) as open_page:
        yield open_page


def clocks_of(page, number=0):
    return page.locator('[data-figure="clocks"]').nth(number)


@pytest.mark.parametrize("distance", [0, 1, 31, 32, 100, 255])
def test_a_distance_shows_the_angles_of_rotary_positions(open_page, distance):
    figure = clocks_of(open_page())
    figure.get_by_label("Distance").fill(str(distance))
    theta = angles(torch.tensor([distance, 31]), 16)
    degrees = torch.rad2deg(theta[0] % (2 * math.pi))
    unseen = (theta[1] < 2 * math.pi) & (theta[0] % (2 * math.pi) > theta[1] + 1e-9)
    expected = [f"{turned:.1f}°{' new' if new else ''}" for turned, new in zip(degrees, unseen, strict=True)]
    assert figure.locator(".clocks .number").all_text_contents() == expected
    assert figure.locator(".clocks .new").count() == unseen.sum()
    said = figure.locator(".said").text_content()
    assert said.startswith("Training showed" if distance < 32 else "Training never showed")
    hand = figure.locator(".live .hand").first.evaluate("hand => hand.transform.baseVal[0].angle")
    assert hand == pytest.approx(-degrees[0].item(), abs=1e-3)


def test_it_can_be_moved_by_keyboard(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    slider = clocks_of(page).get_by_label("Distance")
    assert slider.input_value() == "32"
    assert slider.get_attribute("aria-valuetext") == "distance 32"


def test_two_do_not_move_each_other(open_page):
    page = open_page()
    clocks_of(page, 1).get_by_label("Distance").fill("3")
    assert clocks_of(page, 0).locator(".value").text_content() == "31"
    assert clocks_of(page, 1).locator(".clocks li").count() == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, scheme):
    page = open_page(scheme)
    clocks_of(page).get_by_label("Distance").fill("200")
    assert violations(page) == []


def test_nothing_jumps_and_all_fits_a_phone(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    figure = clocks_of(page)
    size = figure.bounding_box()
    for distance in (0, 1, 33, 64, 255):
        figure.get_by_label("Distance").fill(str(distance))
        assert figure.bounding_box() == size


def test_print_and_browsers_without_scripts_show_the_still_picture(open_page):
    page = open_page()
    assert not clocks_of(page).locator(".still").is_visible()
    page.emulate_media(media="print")
    for shown in (page, open_page(java_script_enabled=False)):
        assert clocks_of(shown).locator(".still svg").is_visible()
        assert not clocks_of(shown).locator(".live").is_visible()
