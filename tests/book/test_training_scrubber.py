import re

import numpy as np
import pytest

from lmkit.book import training_scrubber
from tests.book.test_interactive import Strict, data_of

STEPS = [0, 10, 100, 1000]
CURVES = {"loss": [4.0, 3.0, 2.0, 1.5], "distance": [3.2, 2.2, 1.2, 0.7]}
TOKENS = ["(start)", " <b>", "风筝"]
TEXTS = ["kite the", "<i>the", "the kite", "The red kite fell."]


@pytest.fixture
def attention():
    return np.tril(np.random.default_rng(0).random((4, 3, 3)))


def scrubber(attention, **changes):
    given = {"steps": STEPS, "curves": CURVES, "attention": attention, "tokens": TOKENS, "texts": TEXTS} | changes
    return training_scrubber(**given)


def test_it_carries_its_data(attention):
    data = data_of(scrubber(attention))
    assert data["steps"] == STEPS
    assert data["curves"] == CURVES
    np.testing.assert_allclose(data["attention"], attention, atol=0.005)


def test_heights_in_the_chart_are_in_proportion_to_the_values(attention):
    html = scrubber(attention, references={"frequencies": 2.0}).html
    points = [[float(p.split(",")[1]) for p in text.split()] for text in re.findall(r'points="(.*?)"', html)[:2]]
    (reference,) = set(re.findall(r'd="M 30 ([\d.]+) H', html))
    base = 172  # the height of zero
    scale = (base - points[0][0]) / CURVES["loss"][0]
    for heights, values in zip(points, CURVES.values(), strict=True):
        np.testing.assert_allclose(base - np.array(heights), scale * np.array(values), atol=0.06)
    assert base - float(reference) == pytest.approx(2 * scale, abs=0.06)


def test_the_still_picture_has_the_first_a_middle_and_the_last_checkpoint(attention):
    still = scrubber(attention).html.partition('<div class="live"')[0]
    assert re.findall(r"<b>After (\d+) steps</b>", still) == ["0", "10", "1000"]
    assert "The red kite fell." in still
    assert "the kite<" not in still


def test_texts_and_tokens_cannot_break_out(attention):
    page = Strict(scrubber(attention).html)
    assert not {"i"} & {tag for tag, _ in page.attributes}
    assert "<i>the" in page.of("p")
    assert "␣<b>" in page.of("text")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": [0, 10, 10, 20]}, r"steps=\[0, 10, 10, 20\] must be at least two rising numbers"),
        ({"steps": [3]}, r"steps=\[3\] must be at least two"),
        ({"curves": {}}, "there are 0 curves"),
        ({"curves": {"loss": [1.0]}}, r"curves\['loss'\] has 1 entries, but there are 4 checkpoints"),
        ({"texts": ["one"]}, "texts has 1 entries, but there are 4 checkpoints"),
        ({"tokens": ["one"]}, r"attention has shape \(4, 3, 3\), but must be \(4, 1, 1\)"),
        ({"attention": np.full((4, 3, 3), 2.0)}, "attention must be between 0 and 1"),
    ],
)
def test_what_does_not_fit_is_refused(attention, changes, message):
    with pytest.raises(ValueError, match=message):
        scrubber(changes.pop("attention", attention), **changes)
