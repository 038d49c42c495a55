"""The step player in a real browser, two of them on one page with another figure."""

from functools import partial

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe

from lmkit.book import attention_map, step_player
from lmkit.interpretability import record_forward
from lmkit.models import GPT, GPTConfig
from tests.browser.figure_page import figure_pages

pytestmark = pytest.mark.browser

TOKENS = ["<|endoftext|>", "the", " red", " kite", " flew", *(f"t{index}" for index in range(15))]
IDS = [0, 1, 2, 3, 4]
STEPS = 4 + 3 + 14 + 3 + 2 + 2
SCORES, SOFTMAX = 9, 11


@pytest.fixture(scope="module")
def values():
    config = GPTConfig(vocab_size=20, context_length=8, d_model=24, num_layers=1, num_heads=2)
    return record_forward(GPT(config, seed=1).double().eval(), torch.tensor([IDS]))


@pytest.fixture(scope="module")
def open_page(browser, values, tmp_path_factory):
    """Opens the page; no console error may have come up when it is closed."""
    folder = tmp_path_factory.mktemp("player")
    player = step_player(values, IDS, TOKENS).html
    body = player + attention_map(values["layers.0.weights"][0][None], [TOKENS[index] for index in IDS]).html + player
    with figure_pages(browser, folder, body) as open_page:
        yield partial(open_page, stop_clock=True)


def player_of(page, number=0):
    return page.locator('[data-figure="player"]').nth(number)


def at(player):
    return int(player.get_by_label("Step", exact=True).input_value())


def go_to(player, step):
    player.get_by_label("Step", exact=True).fill(str(step))


def test_every_step_is_drawn_and_nothing_jumps(open_page):
    page = open_page()
    player, heights, titles = player_of(page), set(), []
    for step in range(STEPS):
        go_to(player, step)
        heights.add(player.bounding_box()["height"])
        titles.append(player.locator(".title").text_content())
        assert player.locator(".view > *").count() == 1
    assert len(heights) == 1
    assert titles[SCORES] == "Layer 1: Scores"
    assert titles[-1] == "Writing: Append"


def test_the_table_shows_the_values_of_the_chosen_head(open_page, values):
    player = player_of(open_page())
    go_to(player, SOFTMAX)
    player.get_by_role("combobox", name="Head").select_option("2")
    shown = player.locator("tbody tr").last.locator("td").all_text_contents()
    expected = values["layers.0.weights"][0, 1, -1].tolist()
    assert [float(text) for text in shown] == pytest.approx(expected, abs=0.0051)
    assert player.locator("td.masked").count() == 4 + 3 + 2 + 1


def test_it_plays_and_stops_at_the_end(open_page):
    page = open_page()
    player = player_of(page)
    go_to(player, STEPS - 3)
    player.get_by_role("button", name="Play").click()
    page.clock.run_for(3100)
    assert at(player) == STEPS - 2
    page.clock.run_for(60_000)
    assert at(player) == STEPS - 1
    assert player.get_by_role("button", name="Play").is_visible()
    assert at(player_of(page, 1)) == 0


def test_a_choice_stops_the_play(open_page):
    page = open_page()
    player = player_of(page)
    player.get_by_role("button", name="Play").click()
    player.get_by_role("button", name="Layer 1").click()
    page.clock.run_for(60_000)
    assert at(player) == 7
    assert player.get_by_role("button", name="Layer 1").get_attribute("aria-current") == "step"


def test_all_of_it_works_with_the_keyboard(open_page):
    page = open_page()
    player = player_of(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert player.locator(".title").text_content() == "Vectors: Embedding"
    page.keyboard.press("ArrowRight")
    assert at(player) == 5
    slider = player.get_by_label("Step", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == f"step 7 of {STEPS}, Vectors: Sum"
    go_to(player, SOFTMAX)
    slider.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.choice") == "head"
    page.keyboard.press("Tab")
    said = player.locator(".said")
    assert said.text_content() == "“<|endoftext|>”, share of attention to “<|endoftext|>”: 1.00"
    page.keyboard.press("ArrowRight")
    assert said.text_content() == "“<|endoftext|>”, share of attention to “the”: masked"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert said.text_content().startswith("“␣red”, share of attention to “the”: 0.")
    assert at(player) == SOFTMAX


def test_pointing_at_a_cell_reads_it(open_page):
    player = player_of(open_page())
    go_to(player, 4)
    player.locator("tbody tr").nth(2).locator("td").nth(3).hover()
    assert player.locator(".said").text_content().startswith("“␣red”, vector, number 4: ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_it_fits(open_page, scheme, width):
    page = open_page(scheme, viewport={"width": width, "height": 844})
    go_to(player_of(page), SCORES)
    go_to(player_of(page, 1), STEPS - 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    assert not [(violation["id"], violation["nodes"][0]["html"][:200]) for violation in found]


def test_print_and_browsers_without_scripts_show_the_still_picture(open_page):
    page = open_page()
    page.emulate_media(media="print")
    for shown in (page, open_page(java_script_enabled=False)):
        player = player_of(shown)
        assert player.locator(".still").is_visible()
        assert not player.locator(".live").is_visible()
