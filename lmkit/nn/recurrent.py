"""One step of a long short-term memory, written out."""

import torch
from jaxtyping import Float
from torch import Tensor


def lstm_step(
    x: Float[Tensor, "B D"],
    hidden: Float[Tensor, "B D"],
    cell: Float[Tensor, "B D"],
    weight: Float[Tensor, "four_D two_D"],
    bias: Float[Tensor, " four_D"],
) -> tuple[Float[Tensor, "B D"], Float[Tensor, "B D"]]:
    r"""Update a memory cell: forget some of it, write to it, output some of it.

    $$i, f, o = \sigma(W_{i,f,o} [x; h] + b_{i,f,o}), \qquad g = \tanh(W_g [x; h] + b_g)$$
    $$c' = f \odot c + i \odot g, \qquad h' = o \odot \tanh(c')$$

    The cell is changed by multiplication with $f$ near 1 and by addition, so its gradient reaches further back
    than that of a state that passes through a matrix at each step.

    Args:
        x: Input of this step.
        hidden: $h$, the output of the previous step.
        cell: $c$, the memory.
        weight: $W$, with rows for input gate, forget gate, new content $g$ and output gate, in this order.
        bias: $b$, in the same order.

    Returns:
        The new $h'$ and $c'$.

    Source:
        Hochreiter and Schmidhuber (1997), with the forget gate of Gers et al. (2000).

    Example:
        >>> x, hidden, cell = torch.zeros(1, 4), torch.zeros(1, 4), torch.ones(1, 4)
        >>> _, cell = lstm_step(x, hidden, cell, torch.zeros(16, 8), torch.zeros(16))
        >>> cell  # all gates are half open
        tensor([[0.5000, 0.5000, 0.5000, 0.5000]])
    """
    gates = torch.cat([x, hidden], dim=-1) @ weight.T + bias
    write, forget, content, show = gates.chunk(4, dim=-1)
    cell = torch.sigmoid(forget) * cell + torch.sigmoid(write) * torch.tanh(content)
    return torch.sigmoid(show) * torch.tanh(cell), cell
