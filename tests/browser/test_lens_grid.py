"""The lens grid in a real browser, two of them on one page with another figure."""

import numpy as np
import pytest

from lmkit.book import decoding_bars, lens_grid
from tests.browser.figure_page import figure_pages, violations

pytestmark = pytest.mark.browser

TOKENS = [" she", " he", " the", " a", " morning", " bucket", " afternoon"]
READ = ["(start)", " Sophie", " windy", " morning"]
SHARES = np.random.default_rng(0).dirichlet(np.full(7, 0.5), size=(5, 4))
TRUTH = np.array([[0.5, 0.5, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0.6, 0, 0.4], [1, 0, 0, 0, 0, 0, 0]])


@pytest.fixture(scope="module")
def open_page(browser, tmp_path_factory):
    """Opens the page; no console error may have come up when it is closed."""
    body = lens_grid(SHARES, READ, TOKENS, truth=TRUTH).html + decoding_bars([0.0, 1.0, 2.0], [*"abc"]).html
    body += lens_grid(SHARES[:3], READ, TOKENS, truth=TRUTH, position=0, depth=0).html
    with figure_pages(browser, tmp_path_factory.mktemp("lens"), body) as open_page:
        yield open_page


def grid_of(page, number=0):
    return page.locator('[data-figure="lens"]').nth(number)


def bars(figure, name):
    """The visible bars of a list: token and number."""
    items = figure.get_by_label(name, exact=True).locator("li")
    return [
        (item.locator(".token").text_content(), item.locator(".number").text_content())
        for item in items.all()
        if item.is_visible()
    ]


def expected(row):
    order = [index for index in np.argsort(-row, kind="stable")[:5] if row[index] > 0]
    return [(TOKENS[index].replace(" ", "␣"), round(row[index], 4)) for index in order]


def test_each_cell_shows_its_distribution_beside_the_true_one(open_page):
    figure = grid_of(open_page())
    for position in range(4):
        for depth in range(5):
            figure.locator("input").nth(5 * position + depth).check(force=True)
            shown = bars(figure, "Read here")
            assert [token for token, _ in shown] == [token for token, _ in expected(SHARES[depth, position])]
            for (_, number), (_, share) in zip(shown, expected(SHARES[depth, position]), strict=True):
                percent = 0.0 if number.startswith("<") else float(number.removesuffix(" %"))
                assert percent == pytest.approx(100 * share, abs=0.06)
            assert bars(figure, "The truth") == [(token, f"{100 * p:.1f} %") for token, p in expected(TRUTH[position])]
            name = READ[position].replace(" ", "␣")
            where = f"layer {depth}" if depth else "embedding"
            assert figure.locator(".said").text_content().startswith(f"After “{name}”, {where}: ")


def test_it_begins_with_the_cell_asked_for(open_page):
    page = open_page()
    assert grid_of(page).locator("input:checked").get_attribute("value") == "19"
    assert grid_of(page, 1).locator("input:checked").get_attribute("value") == "0"


def test_up_and_down_stay_in_the_column_and_two_grids_apart(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    for key, value in (("ArrowUp", "14"), ("ArrowLeft", "13"), ("ArrowDown", "18"), ("ArrowDown", "18")):
        page.keyboard.press(key)
        assert grid_of(page).locator("input:checked").get_attribute("value") == value
    assert "layer 3" in grid_of(page).locator(".said").text_content()
    assert grid_of(page, 1).locator("input:checked").get_attribute("value") == "0"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, scheme):
    page = open_page(scheme)
    assert violations(page) == []


def test_nothing_jumps_and_all_fits_a_phone(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    figure, size = grid_of(page), grid_of(page).bounding_box()
    for number in range(20):
        figure.locator("input").nth(number).check(force=True)
        assert figure.bounding_box() == size


def test_print_and_browsers_without_scripts_show_the_still_picture(open_page):
    page = open_page()
    assert not grid_of(page).locator(".still").is_visible()
    page.emulate_media(media="print")
    for shown in (page, open_page(java_script_enabled=False)):
        assert grid_of(shown).locator(".still svg").is_visible()
        assert not grid_of(shown).locator(".live").is_visible()
