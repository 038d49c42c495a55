"""The training scrubber in a real browser, two of them on one page with another figure."""

import numpy as np
import pytest

from lmkit.book import attention_map, training_scrubber
from tests.browser.figure_page import figure_pages, violations

pytestmark = pytest.mark.browser

STEPS = [0, 5, 50, 400, 2000]
CURVES = {"loss": [6.4, 5.2, 3.1, 1.9, 1.4], "distance to the truth": [5.6, 4.4, 2.3, 1.1, 0.6]}
TOKENS = ["(start)", "One", "windy", "morning", "Sophie", "found", "a", "bucket", "."]
TEXTS = [
    "bucket the, Sophie a",
    "the the the a",
    "One the Sophie found a.",
    "Sophie found a kite.",
    "One morning, Max lost a kite. " * 5,
]
ATTENTION = np.tril(np.random.default_rng(0).random((5, 9, 9)))
ATTENTION /= ATTENTION.sum(axis=-1, keepdims=True)


@pytest.fixture(scope="module")
def open_page(browser, tmp_path_factory):
    """Opens the page; no console error may have come up when it is closed."""
    whole = training_scrubber(STEPS, CURVES, ATTENTION, TOKENS, TEXTS, references={"word frequencies": 4.0})
    part = training_scrubber(STEPS[:2], {"loss": [3.0, 2.0]}, ATTENTION[:2], TOKENS, TEXTS[:2])
    body = whole.html + attention_map(ATTENTION[:1, None], TOKENS).html + part.html
    with figure_pages(browser, tmp_path_factory.mktemp("scrubber"), body) as open_page:
        yield open_page


def scrubber_of(page, number=0):
    return page.locator('[data-figure="training"]').nth(number)


def visible_text(figure):
    return [text.text_content() for text in figure.locator(".writes p").all() if text.is_visible()]


@pytest.mark.parametrize("at", range(5))
def test_curves_attention_and_text_move_together(open_page, at):
    figure = scrubber_of(open_page())
    figure.get_by_role("slider").fill(str(at))
    said = figure.locator(".said").text_content()
    loss, distance = (values[at] for values in CURVES.values())
    assert (
        said == f"After {STEPS[at]:,} steps, in nats per token: loss {loss:.2f}, distance to the truth {distance:.2f}."
    )
    assert visible_text(figure) == [TEXTS[at]]
    squares = figure.locator(".map rect[fill-opacity]").evaluate_all(
        "all => all.map(one => +one.getAttribute('fill-opacity'))"
    )
    np.testing.assert_allclose(np.reshape(squares, (9, 9)), ATTENTION[at], atol=0.0051)
    mark, point = (
        figure.locator(".live .now").evaluate(
            "path => path.getBoundingClientRect().x + path.getBoundingClientRect().width / 2"
        ),
        figure.locator(".live polyline").first.evaluate(
            "(line, at) => line.points[at].matrixTransform(line.getScreenCTM()).x", at
        ),
    )
    assert mark == pytest.approx(point, abs=0.5)


def test_the_squares_of_the_map_are_in_their_rows_and_columns(open_page):
    page = open_page()
    boxes = (
        scrubber_of(page).locator(".map rect").evaluate_all("all => all.map(one => one.getBBox()).map(b => [b.x, b.y])")
    )
    places = np.array(boxes[:81]).reshape(9, 9, 2)
    assert (np.diff(places[:, :, 0], axis=1) == 22).all()
    assert (np.diff(places[:, :, 1], axis=0) == 22).all()
    np.testing.assert_array_equal(places[0, 0], boxes[81])  # the frame


def test_it_can_be_moved_by_keyboard(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    slider = scrubber_of(page).get_by_role("slider")
    assert slider.input_value() == "1"
    assert slider.get_attribute("aria-valuetext") == "after 5 steps"
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "after 2,000 steps"


def test_two_do_not_move_each_other(open_page):
    page = open_page()
    scrubber_of(page, 1).get_by_role("slider").fill("1")
    assert scrubber_of(page, 1).locator(".value").text_content() == "5 steps"
    assert scrubber_of(page, 0).locator(".value").text_content() == "0 steps"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, scheme):
    page = open_page(scheme)
    scrubber_of(page).get_by_role("slider").fill("3")
    assert violations(page) == []


def test_nothing_jumps_and_all_fits_a_phone(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    figure = scrubber_of(page)
    size = figure.bounding_box()
    for at in range(5):
        figure.get_by_role("slider").fill(str(at))
        assert figure.bounding_box() == size


def test_print_and_browsers_without_scripts_show_the_still_picture(open_page):
    page = open_page()
    assert not scrubber_of(page).locator(".still").is_visible()
    page.emulate_media(media="print")
    for shown in (page, open_page(java_script_enabled=False)):
        assert scrubber_of(shown).locator(".still svg").count() == 4
        assert scrubber_of(shown).locator(".still svg").first.is_visible()
        assert not scrubber_of(shown).locator(".live").is_visible()
