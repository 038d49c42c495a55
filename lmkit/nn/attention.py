"""Scaled dot-product attention, written out and fused, and the multi-head layer around it."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.nn.cache import LayerCache
from lmkit.nn.linear_layer import Linear, linear
from lmkit.nn.masks import causal_mask
from lmkit.nn.positions import Rotation

SHORT = 512
"""Up to this many keys, attention written out in bf16 is faster on a CPU than the fused kernel."""


def dot_product_attention(
    queries: Float[Tensor, "*B H T K"],
    keys: Float[Tensor, "*B G S K"],
    values: Float[Tensor, "*B G S K"],
    mask: Bool[Tensor, "*#B #H #T #S"] | None = None,
    *,
    is_causal: bool = False,
    score_bias: Float[Tensor, "*b T S"] | None = None,
    dropout: float = 0.0,
) -> tuple[Float[Tensor, "*B H T K"], Float[Tensor, "*B H T S"]]:
    r"""Average the values, each weighted by how well its key fits the query.

    $$A = \operatorname{softmax}\!\Big(\frac{Q K^\top}{\sqrt{d_k}}\Big), \qquad O = A V$$

    The output of a query with no allowed key is zero.

    Args:
        queries: What each position looks for.
        keys: What each position can be found by. Of $G < H$ key-value heads each serves $H / G$ neighbouring heads.
        values: What each position passes on.
        mask: Whether a query may attend to a key; ``None`` for always.
        is_causal: Whether each query is kept from seeing keys after its own position. The queries are the last
        of the keys' positions. This applies in addition to the mask.
        score_bias: Added to the scores before the softmax, as in ALiBi.
        dropout: Probability with which a weight is set to zero; the others grow to make up for it.

    Returns:
        The averages, and the weights before dropout, which sum to one, or to zero for a query with no allowed key.

    Source:
        Vaswani et al. (2017), equation 1.

    Example:
        >>> queries = keys = torch.tensor([[[[0.0, 10.0], [10.0, 0.0]]]])  # each fits itself alone
        >>> averages, weights = dot_product_attention(queries, keys, torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))
        >>> averages.tolist()
        [[[[1.0, 2.0], [3.0, 4.0]]]]
        >>> dot_product_attention(queries, keys, keys, is_causal=True)[1][0, 0, 0].tolist()  # the first sees itself
        [1.0, 0.0]
    """
    sharing = queries.shape[-3] // keys.shape[-3]
    if sharing > 1:
        keys, values = keys.repeat_interleave(sharing, dim=-3), values.repeat_interleave(sharing, dim=-3)
    allowed = _with_causality(mask, is_causal, queries, keys)
    scores = (queries / math.sqrt(queries.shape[-1])) @ keys.transpose(-2, -1)
    if score_bias is not None:
        scores = scores + score_bias
    empty = None
    if allowed is not None:
        if mask is not None or queries.shape[-2] > keys.shape[-2]:  # else each query has its own position at least
            empty = ~allowed.any(dim=-1, keepdim=True)
            allowed = allowed | empty  # the softmax of nothing would be nan
        forbidden = torch.zeros_like(allowed, dtype=scores.dtype).masked_fill(~allowed, -math.inf)
        scores += forbidden  # unlike filling in, adding costs nothing in the backward pass
    weights = torch.softmax(scores, dim=-1)
    if empty is not None:
        weights = weights.masked_fill(empty, 0)
    return F.dropout(weights, dropout).to(values.dtype) @ values, weights


def fused_attention(
    queries: Float[Tensor, "*B H T K"],
    keys: Float[Tensor, "*B G S K"],
    values: Float[Tensor, "*B G S K"],
    mask: Bool[Tensor, "*#B #H #T #S"] | None = None,
    *,
    is_causal: bool = False,
    score_bias: Float[Tensor, "*b T S"] | None = None,
    dropout: float = 0.0,
) -> tuple[Float[Tensor, "*B H T K"], None]:
    """Compute :func:`dot_product_attention` with PyTorch's kernels, which never store the full weights.

    There are two exceptions: PyTorch stores them with dropout on a CPU, and for inputs that are not four-dimensional.

    Args:
        queries: What each position looks for.
        keys: What each position can be found by.
        values: What each position passes on.
        mask: Whether a query may attend to a key; ``None`` for always.
        is_causal: Whether the queries may see no key after their own.
        score_bias: Added to the scores before the softmax.
        dropout: Probability with which a weight is set to zero.

    Returns:
        The averages, and ``None`` instead of the weights.

    Example:
        >>> queries, keys = torch.zeros(1, 1, 2, 4), torch.ones(1, 1, 2, 4)
        >>> fused_attention(queries, keys, keys)[0].shape
        torch.Size([1, 1, 2, 4])
    """
    # PyTorch's own causality puts the queries at the first of the keys' positions, and excludes any other mask.
    theirs = is_causal and mask is None and score_bias is None and queries.shape[-2] == keys.shape[-2]
    if not theirs:
        mask = _with_causality(mask, is_causal, queries, keys)
    if score_bias is not None:
        score_bias = score_bias.to(queries.dtype)
        mask = score_bias if mask is None else score_bias.masked_fill(~mask, -torch.inf)
    enable_gqa = keys.shape[-3] < queries.shape[-3]
    averages = F.scaled_dot_product_attention(
        queries, keys, values, attn_mask=mask, is_causal=theirs, dropout_p=dropout, enable_gqa=enable_gqa
    )
    return averages, None


def _with_causality(mask: Tensor | None, is_causal: bool, queries: Tensor, keys: Tensor) -> Tensor | None:
    """Add causality to a mask; a single query is at the last position and may see all others."""
    num_queries, num_keys = queries.shape[-2], keys.shape[-2]
    if not is_causal or num_queries == 1:
        return mask
    causal = causal_mask(num_queries, num_keys, device=queries.device)
    return causal if mask is None else mask & causal


class MultiHeadAttention(nn.Module):
    r"""Attention with several heads in parallel, each in its own subspace.

    $$\operatorname{head}_h = \operatorname{Attention}(x W^Q_h,\; s W^K_{g(h)},\; s W^V_{g(h)}), \qquad
    y = \operatorname{Concat}(\operatorname{head}_1, \dots, \operatorname{head}_H)\, W^O$$

    In self-attention the source $s$ is $x$ itself. With fewer key-value heads than heads, neighbouring heads
    share one. The three projections are one matrix, so self-attention takes one large product instead of three.

    Args:
        d_model: Width of the inputs and outputs.
        num_heads: Number of query heads.
        num_kv_heads: Number of key and value heads, by default ``num_heads``; 1 is multi-query attention.
        d_head: Width of a head, by default ``d_model / num_heads``.
        bias: Whether the projections have biases.
        dropout: Dropout of the attention weights, while training.

    Raises:
        ValueError: If the heads do not divide ``d_model``, or the key-value heads the heads.

    Source:
        Vaswani et al. (2017), section 3.2.2; shared key-value heads: Ainslie et al. (2023).

    Example:
        >>> attention = MultiHeadAttention(d_model=8, num_heads=4, num_kv_heads=2)
        >>> hidden, weights = attention(torch.zeros(1, 3, 8), is_causal=True, return_weights=True)
        >>> hidden.shape, weights.shape
        (torch.Size([1, 3, 8]), torch.Size([1, 4, 3, 3]))
    """

    def __init__(
        self,
        *,
        d_model: int,
        num_heads: int,
        num_kv_heads: int | None = None,
        d_head: int | None = None,
        bias: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if d_head is None and d_model % num_heads:
            raise ValueError(f"d_model={d_model} is not divisible by num_heads={num_heads}")
        self.num_heads = num_heads
        self.num_kv_heads = num_kv_heads or num_heads
        self.d_head = d_head or d_model // num_heads
        self.dropout = dropout
        if num_heads % self.num_kv_heads:
            raise ValueError(f"num_heads={num_heads} is not divisible by num_kv_heads={num_kv_heads}")
        self.qkv = Linear(d_model, (num_heads + 2 * self.num_kv_heads) * self.d_head, bias=bias)
        self.output = Linear(num_heads * self.d_head, d_model, bias=bias)

    def forward(
        self,
        x: Float[Tensor, "*B T D"],
        source: Float[Tensor, "*B S D"] | None = None,
        *,
        mask: Bool[Tensor, "*#B #T #Z"] | None = None,
        is_causal: bool = False,
        rotation: Rotation | None = None,
        score_bias: Float[Tensor, "*b T Z"] | None = None,
        cache: LayerCache | None = None,
        return_weights: bool = False,
    ) -> tuple[Float[Tensor, "*B T D"], Float[Tensor, "*B H T Z"] | None]:
        """Let each position of ``x`` gather from the source, or from ``x`` and what is cached.

        Args:
            x: Where the queries come from.
            source: Where the keys and values come from in cross-attention; ``None`` for ``x``.
            mask: Whether a query position may attend to a key position; ``None`` for always.
            is_causal: Whether each query is kept from seeing keys after its own position. The queries are the last
                of the keys' positions. This applies in addition to the mask.
            rotation: Rotary positions of ``x``, applied to queries and keys.
            score_bias: Added to the scores.
            cache: The keys and values of earlier positions, to which those of ``x`` are added. In cross-attention the
                source's are stored at the first call and reused in later ones.
            return_weights: Whether to return the weights, which are then stored in full.

        Returns:
            The new hidden states, and the weights or ``None``.
        """
        if source is None:
            q_BHTK, k_BGSK, v_BGSK = self._split(self.qkv(x), self.num_heads, self.num_kv_heads, self.num_kv_heads)
            if rotation is not None:
                q_BHTK, k_BGSK = rotation(q_BHTK), rotation(k_BGSK)
            if cache is not None:
                k_BGSK, v_BGSK = cache.append(k_BGSK, v_BGSK)
        else:
            q_BHTK = self._project_queries(x)
            if cache is not None and cache.length > 0:
                k_BGSK, v_BGSK = cache.read()
            else:
                k_BGSK, v_BGSK = self._project_source(source)
                if cache is not None:
                    cache.append(k_BGSK, v_BGSK)

        dtype, q_BHTK = q_BHTK.dtype, q_BHTK.to(k_BGSK.dtype)  # a cache may have a higher precision
        short_on_cpu = q_BHTK.dtype == torch.bfloat16 and q_BHTK.device.type == "cpu" and k_BGSK.shape[-2] <= SHORT
        attend = dot_product_attention if return_weights or short_on_cpu else fused_attention
        mixed_BHTK, weights_BHTS = attend(
            q_BHTK,
            k_BGSK,
            v_BGSK,
            None if mask is None else mask.unsqueeze(-3),  # the same for all heads
            is_causal=is_causal,
            score_bias=score_bias,
            dropout=self.dropout if self.training else 0.0,
        )
        hidden = self.output(mixed_BHTK.to(dtype).transpose(-3, -2).flatten(-2))
        return hidden, weights_BHTS if return_weights else None

    def _project_queries(self, x: Tensor) -> Tensor:
        """Only the part of ``qkv`` that makes queries."""
        size = self.num_heads * self.d_head
        bias = None if self.qkv.bias is None else self.qkv.bias[:size]
        return self._split(linear(x, self.qkv.weight[:size], bias), self.num_heads)[0]

    def _project_source(self, source: Tensor) -> tuple[Tensor, ...]:
        """Only the part of ``qkv`` that makes keys and values."""
        size = self.num_heads * self.d_head
        bias = None if self.qkv.bias is None else self.qkv.bias[size:]
        return self._split(linear(source, self.qkv.weight[size:], bias), self.num_kv_heads, self.num_kv_heads)

    def _split(self, projected: Tensor, *num_heads: int) -> tuple[Tensor, ...]:
        """Split the columns into heads, and the heads into groups of so many."""
        return projected.unflatten(-1, (-1, self.d_head)).transpose(-3, -2).split(num_heads, dim=-3)
