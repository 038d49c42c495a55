"""Position encodings: added to the embedding, applied as a rotation to queries and keys, or added to the scores."""

import math
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

Layout = Literal["interleaved", "halves"]
"""Which columns form a pair: neighbours, 0 with 1 and 2 with 3, or one of each half, 0 with d/2 and 1 with d/2 + 1."""


def position_ids(
    num_tokens: int,
    *,
    start: int = 0,
    padding_mask: Bool[Tensor, "B S"] | None = None,
    device: torch.device | str | None = None,
) -> Int[Tensor, "#B T"]:
    """Number the tokens of each row from 0, not counting padding.

    Args:
        num_tokens: $T$, how many tokens there are now.
        start: How many came before them.
        padding_mask: ``True`` at real tokens, of all $S$ tokens so far; ``None`` if all are real.
        device: Where to put the result; with a mask it is the mask's.

    Returns:
        Positions of the last $T$ tokens; padding gets 0 or its neighbour's number, which nothing depends on.

    Example:
        >>> position_ids(4, padding_mask=torch.tensor([[False, False, True, True]])).tolist()
        [[0, 0, 0, 1]]
    """
    if padding_mask is None:
        return torch.arange(start, start + num_tokens, device=device).unsqueeze(0)
    return (padding_mask.cumsum(dim=-1) - 1).clamp(min=0)[:, -num_tokens:]


def angles(
    positions: Int[Tensor, "*B T"], d: int, *, base: float = 10000.0, dtype: torch.dtype = torch.float64
) -> Float[Tensor, "*B T d_half"]:
    r"""The angle of each pair of columns at each position: $\theta_{t,i} = t \cdot \mathrm{base}^{-2i/d}$.

    Args:
        positions: Any whole numbers.
        d: Number of columns, even.
        base: The slowest pair rotates by about 1 / base per position.
        dtype: Number format of the angles; with low precision, large positions become indistinguishable.

    Returns:
        Radians.

    Raises:
        ValueError: If the number of columns is odd.

    Example:
        >>> angles(torch.tensor([1, 2]), 4).tolist()
        [[1.0, 0.01], [2.0, 0.02]]
    """
    if d % 2:
        raise ValueError(f"{d} columns do not form pairs: the number must be even")
    frequencies = base ** (-torch.arange(0, d, 2, dtype=dtype, device=positions.device) / d)
    return positions.unsqueeze(-1) * frequencies


def sinusoidal_positions(
    positions: Int[Tensor, "*B T"],
    d_model: int,
    *,
    layout: Layout = "interleaved",
    base: float = 10000.0,
    dtype: torch.dtype = torch.float32,
) -> Float[Tensor, "*B T D"]:
    r"""Positions as sines and cosines of geometrically spaced frequencies.

    $$PE_{t,2i} = \sin(t \cdot 10000^{-2i/d}), \qquad PE_{t,2i+1} = \cos(t \cdot 10000^{-2i/d})$$

    Args:
        positions: The position $t$ of each token, from 0.
        d_model: Number of columns, even.
        layout: ``"interleaved"`` as in the formula; ``"halves"`` has all sines first, then all cosines.
        base: 10000 in the paper.
        dtype: Number format of the result; the angles are never computed in less than fp32.

    Returns:
        One vector per position, to be added to the token's embedding.

    Source:
        Vaswani et al. (2017), section 3.5. The authors' code uses halves. For a model that learns what to do with
        each column, the order of the columns does not matter.

    Example:
        >>> sinusoidal_positions(torch.arange(2), 4)
        tensor([[0.0000, 1.0000, 0.0000, 1.0000],
                [0.8415, 0.5403, 0.0100, 0.9999]])
    """
    theta = angles(positions, d_model, base=base, dtype=torch.promote_types(dtype, torch.float32))
    if layout == "halves":
        return torch.cat([theta.sin(), theta.cos()], dim=-1).to(dtype)
    return torch.stack([theta.sin(), theta.cos()], dim=-1).flatten(-2).to(dtype)


class LearnedPositions(nn.Embedding):
    """A learned vector for each position, as in GPT-2 and BERT.

    Args:
        context_length: Number of positions, and so the maximum length of a sequence.
        d_model: Width of the vectors.

    Example:
        >>> LearnedPositions(8, 4)(position_ids(3)).shape
        torch.Size([1, 3, 4])
    """

    def __init__(self, context_length: int, d_model: int) -> None:
        super().__init__(context_length, d_model)


@dataclass(frozen=True)
class Rotation:
    """The rotation of a sequence's queries and keys, as cosines and sines; made by :class:`RotaryPositions`.

    Args:
        cos: Cosines, one per position and pair of columns.
        sin: Sines.
        layout: Which columns form a pair.

    Example:
        >>> quarter_turn = Rotation(torch.zeros(1, 1, 1), torch.ones(1, 1, 1), "interleaved")
        >>> quarter_turn(torch.tensor([[[1.0, 0.0]]]))
        tensor([[[0., 1.]]])
    """

    cos: Float[Tensor, "*b 1 T K_half"]
    sin: Float[Tensor, "*b 1 T K_half"]
    layout: Layout

    def __call__(self, x: Float[Tensor, "*B H T K"]) -> Float[Tensor, "*B H T K"]:
        r"""Rotate each pair of columns: $(a, b) \mapsto (a \cos\theta - b \sin\theta,\; a \sin\theta + b \cos\theta)$.

        Args:
            x: Queries or keys.

        Returns:
            The rotated queries or keys.
        """
        cos, sin = self.cos.to(x.dtype), self.sin.to(x.dtype)
        if self.layout == "halves":
            a, b = x.chunk(2, dim=-1)
            return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)
        a, b = x[..., 0::2], x[..., 1::2]
        return torch.stack([a * cos - b * sin, a * sin + b * cos], dim=-1).flatten(-2)


class RotaryPositions(nn.Module):
    r"""Rotary position embedding: queries and keys are rotated by angles proportional to their position.

    The product of a query at $t$ and a key at $s$ then depends only on $t - s$, because rotating both by the same
    angle does not change it: $(R_t q)^\top (R_s k) = q^\top R_{s-t}\, k$.

    Args:
        d_head: Number of columns of a head, even.
        base: The slowest pair of columns rotates by about 1 / base per position.
        layout: ``"interleaved"`` as in the paper, or ``"halves"`` as in Llama's checkpoints on Hugging Face.

    Source:
        Su et al. (2021), equation 34.

    Example:
        >>> rotation = RotaryPositions(2)(torch.arange(3)[None])
        >>> rotation(torch.tensor([[1.0, 0.0]]).expand(1, 1, 3, 2))[0, 0]  # by one radian from position to position
        tensor([[ 1.0000,  0.0000],
                [ 0.5403,  0.8415],
                [-0.4161,  0.9093]])
    """

    def __init__(self, d_head: int, *, base: float = 10000.0, layout: Layout = "interleaved") -> None:
        super().__init__()
        if d_head % 2:
            raise ValueError(f"d_head={d_head} must be even, as columns are turned in pairs")
        self.d_head, self.base, self.layout = d_head, base, layout

    def forward(self, positions: Int[Tensor, "*b T"], dtype: torch.dtype = torch.float32) -> Rotation:
        """Make the rotation of a sequence, to be used in all layers.

        Args:
            positions: The position of each token.
            dtype: Number format of the queries and keys; the angles themselves are never computed in less than fp32.

        Returns:
            The rotation to apply to queries and keys.
        """
        dtype = torch.promote_types(dtype, torch.float32)
        theta = angles(positions, self.d_head, base=self.base, dtype=dtype).unsqueeze(-3)
        return Rotation(theta.cos(), theta.sin(), self.layout)


def alibi_slopes(num_heads: int) -> Float[Tensor, " H"]:
    r"""How fast each head's attention falls with distance: $2^{-8/H}, 2^{-16/H}, \dots, 2^{-8}$.

    Args:
        num_heads: $H$. If it is not a power of two, the slopes of the next lower one come first, then every second
            slope of the next higher one.

    Returns:
        One slope per head, in float64.

    Source:
        Press et al. (2022), section 3; other numbers of heads as in the authors' code.

    Example:
        >>> alibi_slopes(4).tolist()
        [0.25, 0.0625, 0.015625, 0.00390625]
    """
    power = 2 ** math.floor(math.log2(num_heads))
    slopes = [2 ** (-8 * (head + 1) / power) for head in range(power)]
    between = [2 ** (-4 * (2 * head + 1) / power) for head in range(num_heads - power)]
    return torch.tensor(slopes + between, dtype=torch.float64)


def alibi_bias(num_heads: int, num_queries: int, num_keys: int | None = None) -> Float[Tensor, "H T S"]:
    r"""Attention with linear biases: a penalty $-m_h |t - s|$ on the score of a query at $t$ and a key at $s$.

    Args:
        num_heads: Number of heads, each with a slope $m_h$ of its own.
        num_queries: $T$; they are the last of the keys' positions.
        num_keys: $S$, by default $T$.

    Returns:
        What :class:`~lmkit.nn.attention.MultiHeadAttention` takes as ``score_bias``, in float64.

    Source:
        Press et al. (2022), section 3.

    Example:
        >>> alibi_bias(8, 1, 3)[0].tolist()  # the first head's slope is a half
        [[-1.0, -0.5, -0.0]]
    """
    num_keys = num_queries if num_keys is None else num_keys
    t = torch.arange(num_keys - num_queries, num_keys).unsqueeze(-1)
    distance = (t - torch.arange(num_keys)).abs()
    return -alibi_slopes(num_heads)[:, None, None] * distance
