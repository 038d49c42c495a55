import re

import pytest

from lmkit.book import size_calculator
from lmkit.book.size_calculator import FIRST, FORMATS, VALUES, duration, model_of, quantity, results, told
from lmkit.models import llama3_8b
from tests.book.test_interactive import data_of


def test_it_starts_with_llama_3():
    model, config = model_of(FIRST), llama3_8b()
    for name in ("vocab_size", "d_model", "num_layers", "num_heads", "num_kv_heads", "d_ff", "tie_embeddings"):
        assert getattr(model, name) == getattr(config, name)


def test_every_slider_has_its_values_and_begins_with_the_first():
    figure = size_calculator()
    sliders = re.findall(r'data-choice="([^"]*)" min="0" max="(\d+)" step="1" value="(\d+)"', figure.html)
    assert {name: len(values) - 1 for name, values in VALUES.items()} == {name: int(most) for name, most, _ in sliders}
    values = data_of(figure)["values"]
    assert {name: values[name][int(value)] for name, _, value in sliders} == FIRST


def test_every_choice_of_sizes_is_a_model():
    for width in VALUES["Width"]:
        for heads in VALUES["Heads"]:
            for shared in VALUES["KV heads"]:
                model = model_of(FIRST | {"Width": width, "Heads": heads, "KV heads": shared})
                assert model.d_model // model.num_heads >= 8


@pytest.mark.parametrize(("name", "each"), [*zip(FORMATS, (16, 16, 8, 12), strict=True)])
def test_training_memory_is_bytes_per_parameter(name, each):
    shown = results(FIRST, FORMATS[name])
    size = sum(shown["Parameters"][1].values())
    assert sum(shown["Training memory"][1].values()) == each * size


def test_the_still_picture_shows_the_totals():
    still = size_calculator().html.partition('<div class="live"')[0]
    for title, (total, parts) in results(FIRST).items():
        assert f"<p>{title}: {total}</p>" in still
        assert all(f">{name}</text>" in still for name in parts)
    assert told(FIRST) in still


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0.00"), (5, "5.00"), (999.4, "999"), (999.6, "1.00 k"), (2e6, "2.00 M"), (1e27, "1.00 × 10³ Y")],
)
def test_numbers_have_three_digits(number, expected):
    assert quantity(number) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(1e-5, "1.00 × 10⁻⁵ s"), (59, "59.0 s"), (60, "1.00 min"), (86400, "1.00 days"), (1e12, "3.17 × 10⁴ years")],
)
def test_times_are_in_the_largest_unit(seconds, expected):
    assert duration(seconds) == expected
