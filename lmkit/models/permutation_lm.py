"""A permutation language model: it predicts the tokens of a text in any order, with two-stream attention."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from lmkit.models.validation import require_divisible, require_positive, require_probability, require_room
from lmkit.nn import (
    Dropout,
    FeedForward,
    LayerNorm,
    LearnedPositions,
    Linear,
    MultiHeadAttention,
    TokenEmbedding,
    initialise,
    permutation_masks,
    position_ids,
    tie,
)


@dataclass(frozen=True, kw_only=True)
class PermutationLMConfig:
    """The sizes of a permutation language model.

    Args:
        vocab_size: Number of token ids.
        context_length: Maximum number of tokens in a row.
        d_model: Width of the hidden states.
        num_layers: Number of layers.
        num_heads: Attention heads per layer.
        d_ff: Width inside the feed-forward layers; ``None`` for four times ``d_model``.
        dropout: Probability of dropping embeddings, attention weights and sublayer outputs in training.
        norm_eps: See :func:`lmkit.nn.layer_norm`.

    Raises:
        ValueError: If a size is not positive, ``d_model`` is not divisible by ``num_heads``, or ``dropout`` is not in
            [0, 1).

    Example:
        >>> PermutationLMConfig(vocab_size=100, context_length=32, d_model=16, num_layers=2, num_heads=4).d_model
        16
    """

    vocab_size: int
    context_length: int
    d_model: int
    num_layers: int
    num_heads: int
    d_ff: int | None = None
    dropout: float = 0.0
    norm_eps: float = 1e-5

    def __post_init__(self) -> None:
        require_positive(self, "vocab_size", "context_length", "d_model", "num_layers", "num_heads", "d_ff", "norm_eps")
        require_divisible(self, "d_model", "num_heads")
        require_probability(self, "dropout")


class PermutationLM(nn.Module):
    r"""A language model with $p(x) = \prod_i p(x_{z_i} \mid x_{z_{<i}})$ for any order $z$ of the positions.

    To predict the token at $z_i$, a state must know the position $z_i$ but not the token there. To serve as context
    for other positions, it must know the token. So each position has two states: the content stream starts from token
    and position, the query stream from the position alone. Both attend to the content states that their mask allows,
    with the same weights.

    The logits at a position are those of the token *at* that position, not of the next one.

    Args:
        config: The model's sizes.
        seed: Seed of the initial weights.

    Source:
        Yang et al. (2019), section 2.3. XLNet uses relative positions and normalises after each sublayer. Here
        positions are learned and each sublayer reads normalised states, as in GPT-2.

    Example:
        >>> sizes = PermutationLMConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2)
        >>> content_mask, query_mask = permutation_masks(torch.tensor([[2, 0, 1]]))
        >>> model = PermutationLM(sizes)
        >>> model(torch.tensor([[3, 1, 4]]), attention_mask=content_mask, query_mask=query_mask).shape
        torch.Size([1, 3, 50])
    """

    def __init__(self, config: PermutationLMConfig, *, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        self.token_embedding = TokenEmbedding(config.vocab_size, config.d_model)
        self.position_embedding = LearnedPositions(config.context_length, config.d_model)
        self.dropout = Dropout(config.dropout)
        self.layers = nn.ModuleList(TwoStreamLayer(config) for _ in range(config.num_layers))
        self.norm = LayerNorm(config.d_model, eps=config.norm_eps)
        self.unembedding = Linear(config.d_model, config.vocab_size, bias=False)
        tie(self.unembedding, self.token_embedding)
        initialise(self, seed=seed, num_residual_layers=config.num_layers)

    def forward(
        self,
        token_ids: Int[Tensor, "B T"],
        *,
        attention_mask: Bool[Tensor, "B T T"] | None = None,
        query_mask: Bool[Tensor, "B T T"] | None = None,
    ) -> Float[Tensor, "B T V"]:
        """Logits of the token at each position; see :meth:`hidden` for the arguments."""
        return self.unembedding(self.hidden(token_ids, attention_mask=attention_mask, query_mask=query_mask))

    def hidden(
        self,
        token_ids: Int[Tensor, "B T"],
        *,
        attention_mask: Bool[Tensor, "B T T"] | None = None,
        query_mask: Bool[Tensor, "B T T"] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Hidden states of the query stream that the unembedding maps to logits.

        Args:
            token_ids: Input ids.
            attention_mask: ``True`` where the content state of a position (row) may attend to the content of another or
                its own. Without both masks, the order is left to right.
            query_mask: The same for the query states, which must not attend to their own content. The first position of
                an order attends to nothing, so its prediction is the same for every text.

        Returns:
            The normalised output of the last layer for the query stream.

        Raises:
            ValueError: If only one mask is given, or there are more tokens than ``context_length``.
        """
        num_tokens = token_ids.shape[1]
        require_room(num_tokens, self.config.context_length)
        if (attention_mask is None) != (query_mask is None):
            raise ValueError("attention_mask and query_mask must be given together; leave out both for left to right")
        if attention_mask is None or query_mask is None:
            left_to_right = torch.arange(num_tokens, device=token_ids.device).expand_as(token_ids)
            attention_mask, query_mask = permutation_masks(left_to_right)
        both_masks = torch.cat([attention_mask, query_mask], dim=1)

        positions = self.position_embedding(position_ids(num_tokens, device=token_ids.device))
        content = self.dropout(self.token_embedding(token_ids) + positions)
        query = self.dropout(positions.expand_as(content))
        streams = torch.cat([content, query], dim=1)
        for layer in self.layers:
            streams = layer(streams, both_masks)
        return self.norm(streams[:, num_tokens:])


class TwoStreamLayer(nn.Module):
    """A GPT layer for content and query states, concatenated along the positions; both attend to the content.

    Args:
        config: Sizes of the model.
    """

    def __init__(self, config: PermutationLMConfig) -> None:
        super().__init__()
        self.attention_norm = LayerNorm(config.d_model, eps=config.norm_eps)
        self.attention = MultiHeadAttention(d_model=config.d_model, num_heads=config.num_heads, dropout=config.dropout)
        self.feed_forward_norm = LayerNorm(config.d_model, eps=config.norm_eps)
        self.feed_forward = FeedForward(
            d_model=config.d_model, d_ff=config.d_ff or 4 * config.d_model, activation="gelu_tanh"
        )
        self.dropout = Dropout(config.dropout)

    def forward(self, streams: Float[Tensor, "B T2 D"], masks: Bool[Tensor, "B T2 T"]) -> Float[Tensor, "B T2 D"]:
        """Pass the content and query states through the layer."""
        normalised = self.attention_norm(streams)
        content, _ = normalised.chunk(2, dim=1)
        attended, _ = self.attention(normalised, source=content, mask=masks)
        streams = streams + self.dropout(attended)
        return streams + self.dropout(self.feed_forward(self.feed_forward_norm(streams)))
