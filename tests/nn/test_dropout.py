import torch

from lmkit.nn import Dropout


def test_it_drops_as_many_as_asked_and_keeps_the_mean():
    torch.manual_seed(0)
    x = torch.ones(100, 100)
    dropped = Dropout(0.3)(x)
    assert set(dropped.unique().tolist()) == {0.0, torch.tensor(1 / 0.7).item()}
    # The share of zeros among 10,000 has a standard deviation of sqrt(0.3 x 0.7) / 100 = 0.0046.
    assert abs((dropped == 0).float().mean() - 0.3) < 5 * 0.0046


def test_it_does_nothing_in_use_or_with_probability_zero():
    x = torch.ones(3)
    assert Dropout(0.3).eval()(x) is x
    assert Dropout(0.0)(x) is x
