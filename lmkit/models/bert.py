"""BERT: an encoder that attends in both directions and is trained to recover masked tokens."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.models.validation import require_divisible, require_positive, require_probability, require_room
from lmkit.nn import (
    Dropout,
    FeedForward,
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
class BERTConfig:
    """The sizes of a BERT.

    Args:
        vocab_size: Number of token ids.
        context_length: Maximum number of tokens in a row.
        d_model: Width of the hidden states.
        num_layers: Number of layers.
        num_heads: Attention heads per layer.
        d_ff: Width inside the feed-forward layers; ``None`` for four times ``d_model``.
        num_segments: Number of segment ids; two for sentence pairs.
        dropout: Probability of dropping embeddings, attention weights and sublayer outputs in training.
        norm_eps: See :func:`lmkit.nn.layer_norm`.
        tie_embeddings: Whether the unembedding shares its matrix with the token embedding.

    Raises:
        ValueError: If a size is not positive, ``d_model`` is not divisible by ``num_heads``, or ``dropout`` is not in
            [0, 1).

    Example:
        >>> BERTConfig(vocab_size=100, context_length=32, d_model=16, num_layers=2, num_heads=4).num_segments
        2
    """

    vocab_size: int
    context_length: int
    d_model: int
    num_layers: int
    num_heads: int
    d_ff: int | None = None
    num_segments: int = 2
    dropout: float = 0.0
    norm_eps: float = 1e-12
    tie_embeddings: bool = True

    def __post_init__(self) -> None:
        require_positive(self, "vocab_size", "context_length", "d_model", "num_layers", "num_heads", "d_ff")
        require_positive(self, "num_segments", "norm_eps")
        require_divisible(self, "d_model", "num_heads")
        require_probability(self, "dropout")


def bert_base() -> BERTConfig:
    """Sizes of BERT-base uncased, with 109,482,240 parameters including the pooler (Devlin et al. 2019, section 3).

    Example:
        >>> bert_base().d_model, bert_base().num_layers
        (768, 12)
    """
    return BERTConfig(vocab_size=30522, context_length=512, d_model=768, num_layers=12, num_heads=12, dropout=0.1)


class BERT(nn.Module):
    """An encoder with learned positions, normalisation after each sublayer, and two heads.

    :meth:`encode` runs the layers. The masked-language-model head turns their output into hidden states
    (:meth:`hidden`) and logits (``forward``). The next-sentence head reads only the first position (:meth:`pool`,
    :meth:`pair_logits`).

    Args:
        config: The model's sizes.
        seed: Seed of the initial weights.

    Source:
        Devlin et al. (2019), section 3; the heads as in the authors' code.

    Example:
        >>> model = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2))
        >>> model(torch.tensor([[3, 1, 4]])).shape
        torch.Size([1, 3, 50])
    """

    def __init__(self, config: BERTConfig, *, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        d_model = config.d_model
        self.token_embedding = TokenEmbedding(config.vocab_size, d_model)
        self.position_embedding = LearnedPositions(config.context_length, d_model)
        self.segment_embedding = TokenEmbedding(config.num_segments, d_model)
        self.embedding_norm = LayerNorm(d_model, eps=config.norm_eps)
        self.dropout = Dropout(config.dropout)
        self.layers = nn.ModuleList(BERTLayer(config) for _ in range(config.num_layers))

        self.pooler = Linear(d_model, d_model)
        self.pair_head = Linear(d_model, 2)

        self.masked_head = Linear(d_model, d_model)
        self.masked_head_norm = LayerNorm(d_model, eps=config.norm_eps)
        self.unembedding = Linear(d_model, config.vocab_size)
        if config.tie_embeddings:
            tie(self.unembedding, self.token_embedding)
        initialise(self, seed=seed)

    def forward(
        self,
        token_ids: Int[Tensor, "B T"],
        *,
        segment_ids: Int[Tensor, "B T"] | None = None,
        attention_mask: Bool[Tensor, "B T T"] | None = None,
        padding_mask: Bool[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T V"]:
        """Logits of the original token at each position; see :meth:`encode` for the arguments."""
        hidden = self.hidden(
            token_ids, segment_ids=segment_ids, attention_mask=attention_mask, padding_mask=padding_mask
        )
        return self.unembedding(hidden)

    def hidden(
        self,
        token_ids: Int[Tensor, "B T"],
        *,
        segment_ids: Int[Tensor, "B T"] | None = None,
        attention_mask: Bool[Tensor, "B T T"] | None = None,
        padding_mask: Bool[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Hidden states that the unembedding maps to logits; see :meth:`encode` for the arguments."""
        encoded = self.encode(
            token_ids, segment_ids=segment_ids, attention_mask=attention_mask, padding_mask=padding_mask
        )
        return self.prepare_unembedding(encoded)

    def encode(
        self,
        token_ids: Int[Tensor, "B T"],
        *,
        segment_ids: Int[Tensor, "B T"] | None = None,
        attention_mask: Bool[Tensor, "B T T"] | None = None,
        padding_mask: Bool[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Compute a vector for each token that depends on the whole text.

        Args:
            token_ids: Input ids.
            segment_ids: The segment of each token; ``None`` for 0 everywhere.
            attention_mask: ``True`` where a query position (row) may attend to a key position; ``None`` for everywhere.
            padding_mask: ``True`` at real tokens. Padding is not attended to and does not count as a position.

        Returns:
            The output of the last layer.

        Raises:
            ValueError: If there are more tokens than ``context_length``.
        """
        require_room(token_ids.shape[1], self.config.context_length)
        positions = position_ids(token_ids.shape[1], padding_mask=padding_mask, device=token_ids.device)
        mask = combine_masks(attention_mask, padding_mask)
        if segment_ids is None:
            segment_ids = torch.zeros_like(token_ids)

        x = self.token_embedding(token_ids) + self.position_embedding(positions) + self.segment_embedding(segment_ids)
        x = self.dropout(self.embedding_norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def prepare_unembedding(self, encoded: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        """Apply the masked-language-model head's linear layer, GELU and normalisation."""
        return self.masked_head_norm(F.gelu(self.masked_head(encoded)))

    def pool(self, encoded: Float[Tensor, "B T D"]) -> Float[Tensor, "B D"]:
        """Summarise the text in one vector, computed from the first token's."""
        return torch.tanh(self.pooler(encoded[:, 0]))

    def pair_logits(self, encoded: Float[Tensor, "B T D"]) -> Float[Tensor, "B 2"]:
        """Logits of next sentence prediction; class 0 means that the second sentence follows the first."""
        return self.pair_head(self.pool(encoded))


class BERTLayer(nn.Module):
    """Attention, then feed-forward; each is added to its input, and the sum is normalised.

    Args:
        config: Sizes of the model.
    """

    def __init__(self, config: BERTConfig) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(d_model=config.d_model, num_heads=config.num_heads, dropout=config.dropout)
        self.attention_norm = LayerNorm(config.d_model, eps=config.norm_eps)
        self.feed_forward = FeedForward(
            d_model=config.d_model, d_ff=config.d_ff or 4 * config.d_model, activation="gelu"
        )
        self.feed_forward_norm = LayerNorm(config.d_model, eps=config.norm_eps)
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Float[Tensor, "B T D"], mask: Bool[Tensor, "#B #T T"] | None = None) -> Float[Tensor, "B T D"]:
        """Pass hidden states through the layer."""
        attended, _ = self.attention(x, mask=mask)
        x = self.attention_norm(x + self.dropout(attended))
        return self.feed_forward_norm(x + self.dropout(self.feed_forward(x)))
