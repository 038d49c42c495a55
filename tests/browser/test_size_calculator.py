"""The size calculator in a real browser, two of them on one page."""

import pytest

from lmkit.book import size_calculator
from lmkit.book.size_calculator import FIRST, FORMATS, VALUES, results, told
from tests.browser.figure_page import figure_pages, violations

pytestmark = pytest.mark.browser

SMALL = {
    "Layers": 3,
    "Width": 192,
    "Heads": 128,  # as many as a width of 192 can have: 16
    "KV heads": 2,
    "Vocabulary": 608,
    "Context": 128,
    "Rows": 4,
    "Cache bits": 4,
    "Tokens read": 10**6,
    "Speed": 10**10,
}


@pytest.fixture(scope="module")
def open_page(browser, tmp_path_factory):
    """Opens the page; no console error may have come up when it is closed."""
    body = size_calculator().html * 2
    with figure_pages(browser, tmp_path_factory.mktemp("sizes"), body) as open_page:
        yield open_page


def calculator_of(page, number=0):
    return page.locator('[data-figure="sizes"]').nth(number)


def control(figure, name):
    return figure.locator(f'label:has-text("{name}") [data-choice="{name}"]')


def move(figure, chosen):
    for name, value in chosen.items():
        control(figure, name).fill(str(VALUES[name].index(value)))


def totals(figure):
    return figure.locator(".live .legend .number").all_text_contents()


@pytest.mark.parametrize("chosen", [FIRST, SMALL, {name: values[0] for name, values in VALUES.items()}])
@pytest.mark.parametrize("number", range(len(FORMATS)))
def test_it_shows_what_python_computes(open_page, chosen, number):
    figure = calculator_of(open_page())
    move(figure, chosen)
    control(figure, "Training").select_option(str(number))
    expected = results(chosen, list(FORMATS.values())[number])
    assert totals(figure) == [total for total, _ in expected.values()]
    assert figure.locator(".said").text_content() == told(chosen)
    lists = figure.locator(".bars").all()
    for shown, (_, parts) in zip(lists, expected.values(), strict=True):
        bars = shown.locator("li").evaluate_all(
            "rows => rows.map(row => Number(row.style.getPropertyValue('--share')))"
        )
        assert bars == pytest.approx([part / max(parts.values()) for part in parts.values()])


def test_the_largest_model_is_exact_too(open_page):
    figure = calculator_of(open_page())
    chosen = {name: values[-1] for name, values in VALUES.items()}
    move(figure, chosen)
    assert totals(figure) == [total for total, _ in results(chosen).values()]
    assert figure.locator(".said").text_content() == told(chosen)


def test_it_can_be_moved_by_keyboard(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    slider = control(calculator_of(page), "Layers")
    assert slider.get_attribute("aria-valuetext") == "40"
    assert totals(calculator_of(page))[0] == results(FIRST | {"Layers": 40})["Parameters"][0]


def test_two_do_not_move_each_other(open_page):
    page = open_page()
    move(calculator_of(page, 1), SMALL)
    assert totals(calculator_of(page, 0))[0] == "8,030,261,248"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, scheme):
    assert violations(open_page(scheme)) == []


def test_nothing_jumps_and_all_fits_a_phone(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    figure = calculator_of(page)
    size = figure.bounding_box()
    for chosen in (SMALL, {name: values[-1] for name, values in VALUES.items()}, FIRST):
        move(figure, chosen)
        assert figure.bounding_box() == size
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_print_and_browsers_without_scripts_show_the_still_picture(open_page):
    page = open_page()
    assert not calculator_of(page).locator(".still").is_visible()
    page.emulate_media(media="print")
    for shown in (page, open_page(java_script_enabled=False)):
        assert calculator_of(shown).locator(".still svg").count() == 4
        assert calculator_of(shown).locator(".still").is_visible()
        assert not calculator_of(shown).locator(".live").is_visible()
