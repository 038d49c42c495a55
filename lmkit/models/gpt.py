"""GPT: a decoder-only Transformer with GPT-2's architecture, which can load its weights."""

from dataclasses import dataclass

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from lmkit.models.validation import require_divisible, require_positive, require_probability, require_room
from lmkit.nn import (
    Dropout,
    FeedForward,
    KeyValueCache,
    LayerCache,
    LayerNorm,
    LearnedPositions,
    Linear,
    MultiHeadAttention,
    TokenEmbedding,
    combine_masks,
    initialise,
    position_ids,
    tie,
)


@dataclass(frozen=True, kw_only=True)
class GPTConfig:
    """The sizes of a GPT.

    Args:
        vocab_size: Number of token ids.
        context_length: Maximum number of tokens in a row.
        d_model: Width of the hidden states.
        num_layers: Number of layers.
        num_heads: Attention heads per layer.
        d_ff: Width inside the feed-forward layers; ``None`` for four times ``d_model``.
        dropout: Probability of dropping embeddings, attention weights and sublayer outputs in training.
        norm_eps: See :func:`lmkit.nn.layer_norm`.
        bias: Whether linear layers and normalisations have biases, as in GPT-2. The unembedding never has one.
        tie_embeddings: Whether the unembedding shares its matrix with the token embedding.

    Raises:
        ValueError: If a size is not positive, ``d_model`` is not divisible by ``num_heads``, or ``dropout`` is not in
            [0, 1).

    Example:
        >>> from dataclasses import replace
        >>> small = GPTConfig(vocab_size=100, context_length=32, d_model=16, num_layers=2, num_heads=4)
        >>> replace(small, num_layers=3).num_layers
        3
    """

    vocab_size: int
    context_length: int
    d_model: int
    num_layers: int
    num_heads: int
    d_ff: int | None = None
    dropout: float = 0.0
    norm_eps: float = 1e-5
    bias: bool = True
    tie_embeddings: bool = True

    def __post_init__(self) -> None:
        require_positive(self, "vocab_size", "context_length", "d_model", "num_layers", "num_heads", "d_ff", "norm_eps")
        require_divisible(self, "d_model", "num_heads")
        require_probability(self, "dropout")


def gpt2_small() -> GPTConfig:
    """Sizes of the smallest GPT-2, with 124,439,808 parameters (Radford et al. 2019, table 2, first row).

    Example:
        >>> gpt2_small().d_model, gpt2_small().num_layers, gpt2_small().vocab_size
        (768, 12, 50257)
    """
    return GPTConfig(vocab_size=50257, context_length=1024, d_model=768, num_layers=12, num_heads=12)


class GPT(nn.Module):
    """A decoder-only Transformer with learned positions and normalisation before each sublayer.

    Args:
        config: The model's sizes.
        seed: Seed of the initial weights.

    Source:
        Radford et al. (2019), section 2.3.

    Example:
        >>> import torch
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2))
        >>> model(torch.tensor([[3, 1, 4]])).shape
        torch.Size([1, 3, 50])
    """

    def __init__(self, config: GPTConfig, *, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        self.token_embedding = TokenEmbedding(config.vocab_size, config.d_model)
        self.position_embedding = LearnedPositions(config.context_length, config.d_model)
        self.dropout = Dropout(config.dropout)
        self.layers = nn.ModuleList(GPTLayer(config) for _ in range(config.num_layers))
        self.norm = LayerNorm(config.d_model, eps=config.norm_eps, bias=config.bias)
        self.unembedding = Linear(config.d_model, config.vocab_size, bias=False)
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

        x = self.dropout(self.token_embedding(token_ids) + self.position_embedding(positions))
        for i, layer in enumerate(self.layers):
            x = layer(x, mask, None if cache is None else cache.layers[i])
        return self.norm(x)

    def make_cache(self, batch_size: int, max_length: int) -> KeyValueCache:
        """Allocate a cache for ``batch_size`` rows and ``max_length`` positions."""
        require_room(max_length, self.config.context_length)
        weight = self.token_embedding.weight
        return KeyValueCache(
            num_layers=self.config.num_layers,
            batch_size=batch_size,
            num_kv_heads=self.config.num_heads,
            max_length=max_length,
            d_head=self.config.d_model // self.config.num_heads,
            device=weight.device,
            dtype=weight.dtype,
        )


class GPTLayer(nn.Module):
    """Attention, then feed-forward; each reads the normalised hidden states and adds its output to them.

    Args:
        config: Sizes of the model.
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.attention_norm = LayerNorm(config.d_model, eps=config.norm_eps, bias=config.bias)
        self.attention = MultiHeadAttention(
            d_model=config.d_model, num_heads=config.num_heads, bias=config.bias, dropout=config.dropout
        )
        self.feed_forward_norm = LayerNorm(config.d_model, eps=config.norm_eps, bias=config.bias)
        self.feed_forward = FeedForward(
            d_model=config.d_model, d_ff=config.d_ff or 4 * config.d_model, activation="gelu_tanh", bias=config.bias
        )
        self.dropout = Dropout(config.dropout)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        mask: Bool[Tensor, "#B #T S"] | None = None,
        cache: LayerCache | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Pass hidden states through the layer."""
        attended, _ = self.attention(self.attention_norm(x), mask=mask, is_causal=True, cache=cache)
        x = x + self.dropout(attended)
        return x + self.dropout(self.feed_forward(self.feed_forward_norm(x)))
