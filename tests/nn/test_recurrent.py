import torch

from lmkit.nn import lstm_step


def test_one_step_equals_torch():
    generator = torch.Generator().manual_seed(0)
    x, hidden, cell = (torch.randn(4, 3, generator=generator, dtype=torch.float64) for _ in range(3))
    theirs = torch.nn.LSTMCell(3, 3, dtype=torch.float64)
    weight = torch.cat([theirs.weight_ih, theirs.weight_hh], dim=1)
    ours = lstm_step(x, hidden, cell, weight, theirs.bias_ih + theirs.bias_hh)
    for value, expected in zip(ours, theirs(x, (hidden, cell)), strict=True):
        torch.testing.assert_close(value, expected, atol=1e-12, rtol=0)
