import math
import re

import pytest
import torch

from lmkit.book import angle_clocks
from lmkit.book.angle_clocks import is_new
from lmkit.nn import angles
from tests.book.test_interactive import data_of


def figure(**changes):
    return angle_clocks(**{"d": 16, "trained": 32, "longest": 255} | changes)


def test_the_speeds_are_those_of_rotary_positions():
    speeds = data_of(figure(base=500.0))["speeds"]
    expected = angles(torch.tensor([1]), 16, base=500.0)[0]
    assert torch.tensor(speeds, dtype=torch.float64).allclose(expected, rtol=1e-12)


def test_an_angle_is_new_where_no_distance_of_training_comes_near():
    """Counted, for the pairs that never complete a turn; the others have dense angles all round."""
    theta = angles(torch.arange(256), 16)
    for pair, arc in enumerate(data_of(figure())["arcs"]):
        seen = theta[:32, pair] % (2 * math.pi)
        if theta[31, pair] >= 2 * math.pi:
            assert arc == 2 * math.pi
            assert not any(is_new(angle.item(), arc) for angle in theta[:, pair])
            continue
        for angle in theta[:, pair]:
            turned = (angle % (2 * math.pi)).item()
            assert is_new(angle.item(), arc) == (turned > seen.max().item() + 1e-9)


def test_the_still_picture_shows_the_longest_distance():
    still = figure().html.partition('<div class="live"')[0]
    turns = [float(turn) for turn in re.findall(r"rotate\((.*?)\)", still)]
    expected = -torch.rad2deg(angles(torch.tensor([255]), 16)[0])
    assert torch.tensor(turns, dtype=torch.float64).allclose(expected, atol=0.01)
    assert still.count(": new") == 5  # the third pair has come round to where training has seen it
    assert "255 positions apart" in still


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"d": 7}, "d=7 must be even"),
        ({"d": 0}, "d=0 must be even and at least 2"),
        ({"trained": 1}, "trained=1 must be at least 2"),
        ({"longest": 31}, "trained=32 must be at least 2 and at most longest=31"),
    ],
)
def test_what_cannot_be_shown_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        figure(**changes)
