"""Llama: a decoder-only Transformer with rotary positions, RMSNorm, SwiGLU and shared key-value heads."""

from dataclasses import dataclass

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from lmkit.models.rope_scaling import RopeScaling, ScaledRotaryPositions
from lmkit.models.validation import require_divisible, require_positive, require_room
from lmkit.nn import (
    KeyValueCache,
    LayerCache,
    Layout,
    Linear,
    MultiHeadAttention,
    RMSNorm,
    RotaryPositions,
    Rotation,
    SwiGLU,
    TokenEmbedding,
    combine_masks,
    initialise,
    position_ids,
    tie,
)


@dataclass(frozen=True, kw_only=True)
class LlamaConfig:
    """The sizes of a Llama.

    Args:
        vocab_size: Number of token ids.
        context_length: Maximum number of tokens in a row.
        d_model: Width of the hidden states.
        num_layers: Number of layers.
        num_heads: Attention heads per layer.
        num_kv_heads: Key-value heads per layer; ``None`` for ``num_heads``.
        d_head: Width of a head; ``None`` for ``d_model / num_heads``.
        d_ff: Width inside the feed-forward layers.
        rope_base: See :class:`lmkit.nn.RotaryPositions`.
        rope_layout: Which columns of a head are rotated together: ``"halves"`` as in Hugging Face checkpoints, or
            ``"interleaved"`` as in the paper and in Meta's own files.
        rope_scaling: How rotary frequencies are scaled for long texts; ``None`` for no scaling.
        norm_eps: See :func:`lmkit.nn.rms_norm`.
        tie_embeddings: Whether the unembedding shares its matrix with the token embedding.

    Raises:
        ValueError: If a size is not positive, ``num_heads`` is not divisible by ``num_kv_heads``, or ``d_head`` is not
            given and ``d_model`` is not divisible by ``num_heads``.

    Example:
        >>> config = LlamaConfig(
        ...     vocab_size=100, context_length=32, d_model=16, num_layers=2, num_heads=4, num_kv_heads=2, d_ff=48
        ... )
        >>> config.rope_layout
        'halves'
    """

    vocab_size: int
    context_length: int
    d_model: int
    num_layers: int
    num_heads: int
    num_kv_heads: int | None = None
    d_head: int | None = None
    d_ff: int
    rope_base: float = 10000.0
    rope_layout: Layout = "halves"
    rope_scaling: RopeScaling | None = None
    norm_eps: float = 1e-5
    tie_embeddings: bool = False

    def __post_init__(self) -> None:
        require_positive(self, "vocab_size", "context_length", "d_model", "num_layers", "num_heads", "num_kv_heads")
        require_positive(self, "d_head", "d_ff", "rope_base", "norm_eps")
        if self.d_head is None:
            require_divisible(self, "d_model", "num_heads")
        if self.num_kv_heads is not None:
            require_divisible(self, "num_heads", "num_kv_heads")


def llama3_8b() -> LlamaConfig:
    """Sizes of Llama 3 8B, with 8,030,261,248 parameters (Grattafiori et al. 2024, table 3).

    Example:
        >>> llama3_8b().num_heads, llama3_8b().num_kv_heads
        (32, 8)
    """
    return LlamaConfig(
        vocab_size=128256,
        context_length=8192,
        d_model=4096,
        num_layers=32,
        num_heads=32,
        num_kv_heads=8,
        d_ff=14336,
        rope_base=500000.0,
    )


class Llama(nn.Module):
    """A decoder-only Transformer with Llama's architecture.

    Args:
        config: The model's sizes.
        seed: Seed of the initial weights.

    Raises:
        ValueError: If the width of a head is odd.

    Source:
        Touvron et al. (2023), section 2.2; shared key-value heads as in Llama 2 70B and Llama 3.

    Example:
        >>> import torch
        >>> model = Llama(LlamaConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2, d_ff=40))
        >>> model(torch.tensor([[3, 1, 4]])).shape
        torch.Size([1, 3, 50])
    """

    def __init__(self, config: LlamaConfig, *, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        self.token_embedding = TokenEmbedding(config.vocab_size, config.d_model)
        self.layers = nn.ModuleList(LlamaLayer(config) for _ in range(config.num_layers))
        self.norm = RMSNorm(config.d_model, eps=config.norm_eps)
        self.unembedding = Linear(config.d_model, config.vocab_size, bias=False)
        d_head = config.d_head or config.d_model // config.num_heads
        self.rotary = (
            RotaryPositions(d_head, base=config.rope_base, layout=config.rope_layout)
            if config.rope_scaling is None
            else ScaledRotaryPositions(d_head, config.rope_scaling, base=config.rope_base, layout=config.rope_layout)
        )
        if config.tie_embeddings:
            tie(self.unembedding, self.token_embedding)
        initialise(self, seed=seed, num_residual_layers=config.num_layers)

    def forward(
        self,
        token_ids: Int[Tensor, "B T"],
        *,
        attention_mask: Bool[Tensor, "B T S"] | None = None,
        padding_mask: Bool[Tensor, "B T"] | None = None,
        cache: KeyValueCache | None = None,
    ) -> Float[Tensor, "B T V"]:
        """Logits of the token after each position; see :meth:`hidden` for the arguments."""
        hidden = self.hidden(token_ids, attention_mask=attention_mask, padding_mask=padding_mask, cache=cache)
        return self.unembedding(hidden)

    def hidden(
        self,
        token_ids: Int[Tensor, "B T"],
        *,
        attention_mask: Bool[Tensor, "B T S"] | None = None,
        padding_mask: Bool[Tensor, "B T"] | None = None,
        cache: KeyValueCache | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Hidden states that the unembedding maps to logits.

        Args:
            token_ids: Input ids.
            attention_mask: ``True`` where a query position (row) may attend to a key position, in addition to the
                causal mask; for instance to separate documents.
            padding_mask: ``True`` at real tokens. Padding is not attended to and does not count as a position.
            cache: Keys and values of the earlier tokens; those of the new tokens are added to it.

        Returns:
            The normalised output of the last layer.

        Raises:
            ValueError: If the tokens, with those in the cache, are more than ``context_length``.
        """
        start = 0 if cache is None else cache.length
        require_room(start + token_ids.shape[1], self.config.context_length)
        if cache is not None:
            padding_mask = cache.extend_padding_mask(token_ids, padding_mask)
        positions = position_ids(token_ids.shape[1], start=start, padding_mask=padding_mask, device=token_ids.device)
        mask = combine_masks(attention_mask, padding_mask)

        x = self.token_embedding(token_ids)
        rotation = self.rotary(positions, x.dtype)
        for i, layer in enumerate(self.layers):
            x = layer(x, rotation, mask, None if cache is None else cache.layers[i])
        return self.norm(x)

    def make_cache(self, batch_size: int, max_length: int) -> KeyValueCache:
        """Allocate a cache for ``batch_size`` rows and ``max_length`` positions."""
        require_room(max_length, self.config.context_length)
        weight = self.token_embedding.weight
        return KeyValueCache(
            num_layers=self.config.num_layers,
            batch_size=batch_size,
            num_kv_heads=self.config.num_kv_heads or self.config.num_heads,
            max_length=max_length,
            d_head=self.rotary.d_head,
            device=weight.device,
            dtype=weight.dtype,
        )


class LlamaLayer(nn.Module):
    """Attention, then feed-forward; each reads the normalised hidden states and adds its output to them.

    Args:
        config: Sizes of the model.
    """

    def __init__(self, config: LlamaConfig) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.d_model, eps=config.norm_eps)
        self.attention = MultiHeadAttention(
            d_model=config.d_model,
            num_heads=config.num_heads,
            num_kv_heads=config.num_kv_heads,
            d_head=config.d_head,
            bias=False,
        )
        self.feed_forward_norm = RMSNorm(config.d_model, eps=config.norm_eps)
        self.feed_forward = SwiGLU(d_model=config.d_model, d_ff=config.d_ff)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        rotation: Rotation,
        mask: Bool[Tensor, "#B #T S"] | None = None,
        cache: LayerCache | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Pass hidden states through the layer."""
        normalised = self.attention_norm(x)
        attended, _ = self.attention(normalised, mask=mask, is_causal=True, rotation=rotation, cache=cache)
        x = x + attended
        return x + self.feed_forward(self.feed_forward_norm(x))
