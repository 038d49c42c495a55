"""A permutation language model: it predicts the tokens of a text in any order, by two streams of attention."""

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
        context_length: How many tokens it can read at once.
        d_model: Width of the hidden states.
        num_layers: Number of layers.
        num_heads: Attention heads per layer.
        d_ff: Width inside the feed-forward layers; ``None`` for four times ``d_model``.
        dropout: Share of numbers set to zero while training: of embeddings, attention weights and layer outputs.
        norm_eps: See :func:`lmkit.nn.layer_norm`.

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

    To predict the token at $z_i$, a state must know *where* it is predicting but not *what* stands there;
    to serve as context for others, it must know what. So each position has two states: the content stream
    reads its own token, the query stream starts from its position alone, and both attend to the content of
    the positions that their mask allows. The two share all weights.

    Logits at a position are of the token *at* that position, not of the next one.

    Args:
        config: Its sizes.
        seed: Seed of the starting values.

    Source:
        Yang et al. (2019), section 2.3. XLNet has relative positions and normalises after each sublayer; here
        positions are learned and sublayers read normalised states, as in GPT-2.

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
        self.unembedding = nn.Linear(config.d_model, config.vocab_size, bias=False)
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
        """Hidden states of the query stream, of which the unembedding makes logits.

        Args:
            token_ids: Input ids.
            attention_mask: Whether the content of a position may attend to another's, itself included.
            query_mask: Whether the query of a position may attend to the content of another; never to its own. The
                first position of an order sees nothing, and its prediction is the same for every text.

        Returns:
            The query stream's states of the last layer, normalised.

        Raises:
            ValueError: If only one mask is given, or there are more tokens than ``context_length``.
        """
        num_tokens = token_ids.shape[1]
        require_room(num_tokens, self.config.context_length)
        if (attention_mask is None) != (query_mask is None):
            raise ValueError("attention_mask and query_mask must be given together, or neither for left to right")
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
    """A layer of GPT for two streams, one after the other in memory, in which both attend to the first.

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
