"""The merge slider in a real browser, two of them on one page with another figure."""

import pytest
import regex

from lmkit.book import decoding_bars, merge_slider, token_chips
from lmkit.tokenizers import GPT2_PATTERN, BPETokenizer, train_bpe
from tests.browser.figure_page import figure_pages, violations

pytestmark = pytest.mark.browser

TEXTS = {
    "English": "A red kite flew over the tree. The red kite fell, and the tree kept the kite.",
    "Chinese": "红色的风筝飞过了树。红色的风筝掉了，树留住了风筝。",
}
MERGES = train_bpe([*TEXTS.values()] * 3, vocab_size=300, progress=False).merges


@pytest.fixture(scope="module")
def open_page(browser, tmp_path_factory):
    """Opens the page; no console error may have come up when it is closed."""
    pieces = {name: regex.findall(GPT2_PATTERN, text) for name, text in TEXTS.items()}
    body = merge_slider(pieces, MERGES).html + decoding_bars([0.0, 1.0, 2.0], [*"abc"]).html
    body += merge_slider(pieces, MERGES[:9]).html + token_chips(pieces).html
    with figure_pages(browser, tmp_path_factory.mktemp("merges"), body) as open_page:
        yield open_page


def slider_of(page, number=0):
    return page.locator('[data-figure="merges"]').nth(number)


def tokens_of(figure, number):
    """The tokens that the figure shows: bytes from one start to the next."""
    return (
        figure.locator(".pieces")
        .nth(number)
        .evaluate(
            """line => [...line.querySelectorAll("i")].reduce((sizes, byte) => {
            if (byte.classList.contains("start")) sizes.push(0);
            sizes[sizes.length - 1] += 1;
            return sizes;
        }, [])"""
        )
    )


def test_every_step_shows_the_tokens_of_the_tokenizer(open_page):
    figure = slider_of(open_page())
    slider = figure.get_by_label("Merges")
    steps = int(slider.get_attribute("max"))
    assert steps > 10
    for step in (0, 1, steps // 2, steps - 1, steps):
        slider.fill(str(step))
        merged = int(figure.locator(".value").text_content())
        tokenizer = BPETokenizer(MERGES[:merged])
        for number, text in enumerate(TEXTS.values()):
            tokens = [tokenizer.decode_bytes([token_id]) for token_id in tokenizer.encode(text)]
            assert tokens_of(figure, number) == [len(token) for token in tokens]
            size, each = len(text.encode()), len(text.encode()) / len(tokens)
            shown = figure.locator(".number").nth(number).text_content()
            assert shown == f"{size} bytes in {len(tokens)} tokens, {each:.1f} bytes per token"
    assert merged == len(MERGES)
    said = figure.locator(".said").text_content()
    assert said.startswith(f"Vocabulary of 300 tokens: 256 bytes and {len(MERGES)} merges. The last merge joined “")


def test_the_tokens_of_the_last_merge_stand_out(open_page):
    figure = slider_of(open_page())
    assert figure.locator("i.new").count() == 0
    figure.get_by_label("Merges").fill("1")
    left, right = MERGES[int(figure.locator(".value").text_content()) - 1]
    marked = figure.locator("i.new").count()
    assert marked > 0
    assert marked % len(left + right) == 0


def test_it_can_be_moved_and_read_by_keyboard_and_reader(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    figure = slider_of(page)
    assert figure.get_by_label("Merges").input_value() == "1"
    assert figure.get_by_label("Merges").get_attribute("aria-valuetext").endswith(" merges")
    figure.get_by_label("Merges").fill(figure.get_by_label("Merges").get_attribute("max"))
    tokenizer = BPETokenizer(MERGES)
    tokens = [tokenizer.decode([token_id]).replace(" ", "␣") for token_id in tokenizer.encode(TEXTS["English"])]
    assert figure.locator(".pieces").first.get_attribute("aria-label") == ", ".join(tokens)


def test_two_sliders_do_not_move_each_other(open_page):
    page = open_page()
    slider_of(page, 1).get_by_label("Merges").fill("3")
    assert slider_of(page, 0).locator(".value").text_content() == "0"
    assert slider_of(page, 1).locator(".value").text_content() != "0"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, scheme):
    page = open_page(scheme)
    slider_of(page).get_by_label("Merges").fill("2")
    assert violations(page) == []


def test_nothing_jumps_and_all_fits_a_phone(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    slider, size = slider_of(page), slider_of(page).bounding_box()
    for step in range(int(slider.get_by_label("Merges").get_attribute("max")) + 1):
        slider.get_by_label("Merges").fill(str(step))
        assert slider.bounding_box() == size


def test_print_and_browsers_without_scripts_show_the_still_picture(open_page):
    page = open_page()
    assert not slider_of(page).locator(".still").is_visible()
    page.emulate_media(media="print")
    for shown in (page, open_page(java_script_enabled=False)):
        assert slider_of(shown).locator(".still").is_visible()
        assert slider_of(shown).locator(".still p").count() == 6
        assert not slider_of(shown).locator(".live").is_visible()
