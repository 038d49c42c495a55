"""The interactive figures on a small page, in a real browser."""

import re
from itertools import product

import pytest
import torch

from lmkit.book import attention_map, decoding_bars
from lmkit.generation.choosing import top_p
from tests.browser.figure_page import figure_pages, violations

pytestmark = pytest.mark.browser

VOCAB_SIZE = 300
SHOWN = 10
TOKENS = ["the", " red", " kite", " flew"]


@pytest.fixture(scope="module")
def weights():
    return torch.rand(2, 3, 4, 4, generator=torch.Generator().manual_seed(0)).tril().softmax(dim=-1).double()


@pytest.fixture(scope="module")
def logits():
    return 2 * torch.randn(VOCAB_SIZE, generator=torch.Generator().manual_seed(0)).double()


@pytest.fixture(scope="module")
def open_page(browser, weights, logits, tmp_path_factory):
    """Opens the page with both figures; no console error may have come up when it is closed."""
    folder = tmp_path_factory.mktemp("figures")
    names = [f"t{index}" for index in range(VOCAB_SIZE)]
    body = attention_map(weights, TOKENS).html + decoding_bars(logits, names, prompt="The red", shown=SHOWN).html
    with figure_pages(browser, folder, body) as open_page:
        yield open_page


def set_slider(page, name, value):
    page.locator(f'[data-choice="{name}"]').fill(str(value))


def percents(page, selector):
    texts = page.locator(f"{selector} .number").all_text_contents()
    return [0.0 if text.startswith("<") else float(text.removesuffix(" %")) for text in texts]


def lmkit_shares(logits, temperature, k, p):
    """The distribution that lmkit draws from, measured on what it hands to the draw."""
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            torch, "multinomial", lambda shares, n, generator: seen.append(shares) or torch.zeros(1, n).long()
        )
        top_p(p, k=k, temperature=temperature)(logits[None])
    shares = seen[0][0]
    return shares / shares.sum()


def test_the_bars_show_what_lmkit_draws_from(open_page, logits):
    page = open_page()
    choices = [*range(1, 21), 30, 40, 50, 100, 200, VOCAB_SIZE]
    for temperature, k, p in product((0.5, 1.0, 1.7), (1, 5, 40, VOCAB_SIZE), (0.05, 0.5, 0.9, 1.0)):
        set_slider(page, "temperature", temperature)
        set_slider(page, "k", choices.index(k))
        set_slider(page, "p", p)
        shares = lmkit_shares(logits, temperature, k, p)
        left = shares[shares > 0]
        cut = [0.0] * (SHOWN - len(shares))
        expected = torch.tensor([*shares[:SHOWN], *cut, shares[SHOWN:].sum()])
        assert percents(page, ".bars") == pytest.approx((100 * expected).tolist(), abs=0.06)  # written to 0.1 %
        said = page.locator('[data-figure="decoding"] .said').text_content()
        count, vocab_size, entropy = re.fullmatch(r"(\d+) of (\d+) tokens left, entropy (.*) nats\.", said).groups()
        assert (int(count), int(vocab_size)) == (len(left), VOCAB_SIZE)
        assert float(entropy) == pytest.approx(-(left * left.log()).sum().item(), abs=0.001)


def test_the_reader_chooses_layer_head_and_token(open_page, weights):
    page = open_page()
    said = page.locator('[data-figure="attention"] .said')
    assert said.text_content().startswith("Layer 1, head 1: from “␣flew” ")
    page.get_by_role("combobox", name="Layer").select_option("2")
    page.get_by_role("combobox", name="Head").select_option("3")
    page.get_by_role("radio", name="␣kite").check()
    shares = weights[1, 2, 2]
    assert percents(page, "ul.tokens") == pytest.approx((100 * shares).tolist(), abs=0.55)
    first = shares.argmax().item()
    assert f"Layer 2, head 3: from “␣kite” {100 * shares[first]:.0f} % to “" in said.text_content()
    page.keyboard.press("ArrowLeft")
    assert "from “␣red”" in said.text_content()
    assert percents(page, "ul.tokens") == pytest.approx((100 * weights[1, 2, 1]).tolist(), abs=0.55)


def test_everything_can_be_reached_by_keyboard(open_page):
    page = open_page()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.choice ?? document.activeElement.type"))
    assert reached == ["layer", "head", "radio", "temperature", "k", "p"]
    page.keyboard.press("ArrowLeft")
    slider = page.get_by_label("Top-p")
    assert slider.get_attribute("aria-valuetext") == "0.95"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, scheme):
    page = open_page(scheme)
    assert violations(page) == []


def test_nothing_jumps_and_all_fits_a_phone(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    size = page.locator("main").bounding_box()
    set_slider(page, "k", 0)
    page.get_by_role("combobox", name="Head").select_option("2")
    page.get_by_role("radio", name="the").check()
    assert page.locator("main").bounding_box() == size


def test_print_and_browsers_without_scripts_show_the_still_picture(open_page):
    page = open_page()
    assert not page.locator(".still svg").first.is_visible()
    page.emulate_media(media="print")
    silent = open_page(java_script_enabled=False)
    for shown in (page, silent):
        assert [picture.is_visible() for picture in shown.locator(".still svg").all()] == [True, True]
        assert [controls.is_visible() for controls in shown.locator(".live").all()] == [False, False]
