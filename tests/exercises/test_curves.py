"""The curves that students read are those of real runs, and each shows what the mark scheme says of it."""

import pytest
import torch

from tests.exercises.assignments import read_notebook
from tests.exercises.curves import all_curves


@pytest.fixture(scope="module")
def shown():
    cell = next(cell for cell in read_notebook("exercises", "training").cells if cell.id == "curves")
    namespace = {}
    exec(cell.source, namespace)
    return {
        name: torch.tensor([[int(loss) / 100 for loss in losses.split()] for losses in both.values()])
        for name, both in namespace["CURVES"].items()
    }


def test_the_runs_give_the_curves(shown):
    """But for D: at its learning rate a difference in the last digit grows from step to step."""
    for name, made in all_curves().items():
        made = torch.tensor(made)
        assert made.shape == shown[name].shape == (2, 40)
        if name == "D":
            assert made[:, 5:].min() > 3.5
        else:
            assert (made - shown[name]).abs().mean() < 0.1, name


def test_each_curve_shows_what_the_mark_scheme_says(shown):
    ends = {name: curves[:, -1] for name, curves in shown.items()}
    # A: up and down with the languages, and worse on both together.
    turns = shown["A"][0].diff().sign().diff().abs().sum() / 2
    assert turns >= 10
    assert shown["A"][0].diff().max() > 1
    assert ends["A"][1] > ends["A"][0] + 1
    # B: both fall, close to each other, and are not done.
    assert (shown["B"][0] - shown["B"][1]).abs()[1:].max() < 0.6
    assert (shown["B"][1, 20:].diff() < 0.05).all()
    assert shown["B"][1, 30] - ends["B"][1] > 0.05
    # C: almost nothing is left, on held-out text too.
    assert ends["C"].max() < 0.1
    # D: never as low as B after 20 steps, and no trend in the second half.
    assert shown["D"][:, 1:].min() > shown["B"][0, 1]
    assert abs(shown["D"][1, 20:30].mean() - shown["D"][1, 30:].mean()) < 0.5
    # E: learned by heart; the turn is early, and the end is high.
    assert ends["E"][0] < 0.1
    assert ends["E"][1] > 4
    assert 3 <= shown["E"][1].argmin() <= 7
    # F: straight down, by hardly anything.
    assert shown["F"].max() < 6.5
    assert shown["F"].min() > 6
    assert shown["F"].diff().abs().max() < 0.05
