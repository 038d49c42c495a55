"""The original Transformer: an encoder reads a source text, and a decoder generates a target text."""

import math
from dataclasses import dataclass

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from lmkit.models.validation import require_divisible, require_positive, require_probability, require_room
from lmkit.nn import (
    Activation,
    Dropout,
    FeedForward,
    KeyValueCache,
    LayerCache,
    LayerNorm,
    Linear,
    MultiHeadAttention,
    TokenEmbedding,
    combine_masks,
    initialise,
    position_ids,
    sinusoidal_positions,
    tie,
)


@dataclass(frozen=True, kw_only=True)
class EncoderDecoderConfig:
    """The sizes of an encoder-decoder.

    Args:
        vocab_size: Number of token ids of the target.
        source_vocab_size: Number of token ids of the source; ``None`` if source and target share vocabulary and
            embedding.
        context_length: Maximum number of tokens of the source, and of the target.
        d_model: Width of the hidden states.
        num_layers: Number of encoder layers.
        num_decoder_layers: Number of decoder layers; ``None`` for ``num_layers``.
        num_heads: Attention heads per layer.
        d_ff: Width inside the feed-forward layers; ``None`` for four times ``d_model``.
        activation: The non-linearity of the feed-forward layers.
        dropout: Probability of dropping embeddings, attention weights and sublayer outputs in training.
        norm_eps: See :func:`lmkit.nn.layer_norm`.
        scale_embeddings: Whether embeddings are multiplied by the square root of ``d_model``.
        tie_embeddings: Whether the unembedding shares its matrix with the target embedding; required if the source
            shares that embedding too.

    Raises:
        ValueError: If a size is not positive, ``d_model`` is odd or not divisible by ``num_heads``, ``dropout`` is not
            in [0, 1), or untied embeddings are shared with the source.

    Example:
        >>> config = EncoderDecoderConfig(vocab_size=100, context_length=32, d_model=16, num_layers=2, num_heads=4)
        >>> config.activation
        'relu'
    """

    vocab_size: int
    source_vocab_size: int | None = None
    context_length: int
    d_model: int
    num_layers: int
    num_decoder_layers: int | None = None
    num_heads: int
    d_ff: int | None = None
    activation: Activation = "relu"
    dropout: float = 0.0
    norm_eps: float = 1e-5
    scale_embeddings: bool = True
    tie_embeddings: bool = True

    def __post_init__(self) -> None:
        require_positive(self, "vocab_size", "source_vocab_size", "context_length", "d_model", "num_layers")
        require_positive(self, "num_decoder_layers", "num_heads", "d_ff", "norm_eps")
        require_divisible(self, "d_model", "num_heads")
        if self.d_model % 2:
            raise ValueError(f"d_model={self.d_model} must be even: positions are pairs of a sine and a cosine")
        require_probability(self, "dropout")
        if not self.tie_embeddings and self.source_vocab_size is None:
            raise ValueError("tie_embeddings=False needs a source_vocab_size, which gives the source its own embedding")


def transformer_base() -> EncoderDecoderConfig:
    """Sizes of the base model with 37,000 word pieces (Vaswani et al. 2017, table 3 and section 5.1).

    Example:
        >>> transformer_base().d_model, transformer_base().num_layers
        (512, 6)
    """
    return EncoderDecoderConfig(
        vocab_size=37000, context_length=512, d_model=512, num_layers=6, num_heads=8, d_ff=2048, dropout=0.1
    )


class EncoderDecoder(nn.Module):
    """The Transformer with sinusoidal positions and normalisation after each sublayer.

    Args:
        config: The model's sizes.
        seed: Seed of the initial weights.

    Source:
        Vaswani et al. (2017), section 3. As in Marian, the first half of the position columns are sines and the second
        half cosines, and the unembedding has a bias, initially zero.

    Example:
        >>> import torch
        >>> config = EncoderDecoderConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2)
        >>> EncoderDecoder(config)(torch.tensor([[3, 1, 4]]), torch.tensor([[5, 9]])).shape
        torch.Size([1, 3, 50])
    """

    def __init__(self, config: EncoderDecoderConfig, *, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        scale = math.sqrt(config.d_model) if config.scale_embeddings else 1.0
        self.token_embedding = TokenEmbedding(config.vocab_size, config.d_model, scale=scale)
        self.source_embedding = self.token_embedding
        if config.source_vocab_size is not None:
            self.source_embedding = TokenEmbedding(config.source_vocab_size, config.d_model, scale=scale)
        self.dropout = Dropout(config.dropout)
        self.encoder_layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.num_layers))
        num_decoder_layers = config.num_decoder_layers or config.num_layers
        self.decoder_layers = nn.ModuleList(DecoderLayer(config) for _ in range(num_decoder_layers))
        self.unembedding = Linear(config.d_model, config.vocab_size)
        if config.tie_embeddings:
            tie(self.unembedding, self.token_embedding)
        initialise(self, seed=seed)

    def forward(
        self,
        token_ids: Int[Tensor, "B T"],
        source_ids: Int[Tensor, "B S"],
        *,
        source_mask: Bool[Tensor, "B S"] | None = None,
        padding_mask: Bool[Tensor, "B T"] | None = None,
        cache: "DecoderCache | None" = None,
    ) -> Float[Tensor, "B T V"]:
        """Logits of the target token after each position; see :meth:`hidden` for the arguments."""
        hidden = self.hidden(token_ids, source_ids, source_mask=source_mask, padding_mask=padding_mask, cache=cache)
        return self.unembedding(hidden)

    def hidden(
        self,
        token_ids: Int[Tensor, "B T"],
        source_ids: Int[Tensor, "B S"],
        *,
        source_mask: Bool[Tensor, "B S"] | None = None,
        padding_mask: Bool[Tensor, "B T"] | None = None,
        cache: "DecoderCache | None" = None,
    ) -> Float[Tensor, "B T D"]:
        """Hidden states of the decoder that the unembedding maps to logits.

        Args:
            token_ids: The target tokens so far, or with a cache, the new ones.
            source_ids: The source.
            source_mask: ``True`` at the source's real tokens. Padding is not attended to and does not count as a
                position.
            padding_mask: The same for the target.
            cache: Keys and values of the earlier target tokens and of the source, which is encoded at the first call
                only.

        Returns:
            The output of the last decoder layer.

        Raises:
            ValueError: If the tokens, with those in the cache, are more than ``context_length``.
        """
        start = 0 if cache is None else cache.length
        require_room(start + token_ids.shape[1], self.config.context_length)
        if cache is not None:
            padding_mask = cache.extend_padding_mask(token_ids, padding_mask)
        encoded = None if cache is None else cache.encoded
        if encoded is None:
            encoded = self.encode(source_ids, source_mask=source_mask)
            if cache is not None:
                cache.keep_source(encoded)
        positions = position_ids(token_ids.shape[1], start=start, padding_mask=padding_mask, device=token_ids.device)
        mask = combine_masks(None, padding_mask)
        source_mask = combine_masks(None, source_mask)

        x = self._embed(self.token_embedding, token_ids, positions)
        for i, layer in enumerate(self.decoder_layers):
            caches = (None, None) if cache is None else (cache.layers[i], cache.source_layers[i])
            x = layer(x, encoded, mask, source_mask, *caches)
        return x

    def encode(
        self, source_ids: Int[Tensor, "B S"], *, source_mask: Bool[Tensor, "B S"] | None = None
    ) -> Float[Tensor, "B S D"]:
        """Compute a vector for each source token that depends on the whole source.

        Args:
            source_ids: The source.
            source_mask: ``True`` at real tokens. Padding is not attended to and does not count as a position.

        Returns:
            The output of the last encoder layer.

        Raises:
            ValueError: If there are more tokens than ``context_length``.
        """
        require_room(source_ids.shape[1], self.config.context_length)
        positions = position_ids(source_ids.shape[1], padding_mask=source_mask, device=source_ids.device)
        mask = combine_masks(None, source_mask)
        x = self._embed(self.source_embedding, source_ids, positions)
        for layer in self.encoder_layers:
            x = layer(x, mask)
        return x

    def _embed(self, embedding: TokenEmbedding, token_ids: Tensor, positions: Tensor) -> Tensor:
        vectors = embedding(token_ids)
        sines = sinusoidal_positions(positions, self.config.d_model, layout="halves", dtype=vectors.dtype)
        return self.dropout(vectors + sines)

    def make_cache(self, batch_size: int, max_length: int) -> "DecoderCache":
        """Allocate a cache for ``batch_size`` rows and ``max_length`` target positions."""
        require_room(max_length, self.config.context_length)
        weight = self.token_embedding.weight
        return DecoderCache(
            num_layers=len(self.decoder_layers),
            batch_size=batch_size,
            num_kv_heads=self.config.num_heads,
            max_length=max_length,
            d_head=self.config.d_model // self.config.num_heads,
            device=weight.device,
            dtype=weight.dtype,
        )


class EncoderLayer(nn.Module):
    """Self-attention over the source, then feed-forward; each is added to its input, and the sum is normalised.

    Args:
        config: Sizes of the model.
    """

    def __init__(self, config: EncoderDecoderConfig) -> None:
        super().__init__()
        d_model, d_ff = config.d_model, config.d_ff or 4 * config.d_model
        self.attention = MultiHeadAttention(d_model=d_model, num_heads=config.num_heads, dropout=config.dropout)
        self.attention_norm = LayerNorm(d_model, eps=config.norm_eps)
        self.feed_forward = FeedForward(d_model=d_model, d_ff=d_ff, activation=config.activation)
        self.feed_forward_norm = LayerNorm(d_model, eps=config.norm_eps)
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Float[Tensor, "B S D"], mask: Bool[Tensor, "#B #S S"] | None = None) -> Float[Tensor, "B S D"]:
        """Pass hidden states through the layer."""
        attended, _ = self.attention(x, mask=mask)
        x = self.attention_norm(x + self.dropout(attended))
        return self.feed_forward_norm(x + self.dropout(self.feed_forward(x)))


class DecoderLayer(nn.Module):
    """Causal self-attention, cross-attention to the source, feed-forward; added and normalised as in the encoder.

    Args:
        config: Sizes of the model.
    """

    def __init__(self, config: EncoderDecoderConfig) -> None:
        super().__init__()
        d_model, d_ff = config.d_model, config.d_ff or 4 * config.d_model
        self.attention = MultiHeadAttention(d_model=d_model, num_heads=config.num_heads, dropout=config.dropout)
        self.attention_norm = LayerNorm(d_model, eps=config.norm_eps)
        self.source_attention = MultiHeadAttention(d_model=d_model, num_heads=config.num_heads, dropout=config.dropout)
        self.source_attention_norm = LayerNorm(d_model, eps=config.norm_eps)
        self.feed_forward = FeedForward(d_model=d_model, d_ff=d_ff, activation=config.activation)
        self.feed_forward_norm = LayerNorm(d_model, eps=config.norm_eps)
        self.dropout = Dropout(config.dropout)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        encoded: Float[Tensor, "B S D"],
        mask: Bool[Tensor, "#B #T Z"] | None = None,
        source_mask: Bool[Tensor, "#B #T S"] | None = None,
        cache: LayerCache | None = None,
        source_cache: LayerCache | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Pass hidden states through the layer."""
        attended, _ = self.attention(x, mask=mask, is_causal=True, cache=cache)
        x = self.attention_norm(x + self.dropout(attended))
        attended, _ = self.source_attention(x, encoded, mask=source_mask, cache=source_cache)
        x = self.source_attention_norm(x + self.dropout(attended))
        return self.feed_forward_norm(x + self.dropout(self.feed_forward(x)))


class DecoderCache(KeyValueCache):
    """Keys and values of the target so far and of the encoded source, kept between decoding steps.

    :meth:`EncoderDecoder.make_cache` makes one.

    Example:
        >>> config = EncoderDecoderConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1)
        >>> cache = EncoderDecoder(config).make_cache(1, 8)
        >>> cache.length
        0
    """

    encoded: Tensor | None = None
    source_layers: list[LayerCache]

    def keep_source(self, encoded: Float[Tensor, "B S D"]) -> None:
        """Store the encoded source and allocate its keys and values, which the layers fill."""
        self.encoded = encoded
        batch_size, num_kv_heads, _, d_head = self.layers[0].keys.shape
        self.source_layers = [
            LayerCache(
                batch_size=batch_size,
                num_kv_heads=num_kv_heads,
                max_length=encoded.shape[1],
                d_head=d_head,
                device=encoded.device,
                dtype=self.layers[0].keys.dtype,
            )
            for _ in self.layers
        ]

    def select_rows(self, rows: Int[Tensor, " B"]) -> None:
        """Reorder the rows of target and source."""
        super().select_rows(rows)
        if self.encoded is not None:
            self.encoded = self.encoded[rows]
            for layer in self.source_layers:
                layer.select_rows(rows)
