"""An LSTM language model: everything it knows about the past is a state of fixed size."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from lmkit.models.validation import require_positive, require_probability
from lmkit.nn import Dropout, Linear, TokenEmbedding, initialise, tie


@dataclass(frozen=True, kw_only=True)
class LSTMConfig:
    """The sizes of a recurrent language model.

    Args:
        vocab_size: Number of token ids.
        d_model: Width of embeddings, hidden states and memory cells.
        num_layers: Number of layers.
        dropout: Probability of dropping values of the embeddings, between layers, and of the last layer's output in
            training; never between the steps of a layer.

    Raises:
        ValueError: If a size is not positive or ``dropout`` is not in [0, 1).

    Example:
        >>> LSTMConfig(vocab_size=100, d_model=16, num_layers=2).d_model
        16
    """

    vocab_size: int
    d_model: int
    num_layers: int
    dropout: float = 0.0

    def __post_init__(self) -> None:
        require_positive(self, "vocab_size", "d_model", "num_layers")
        require_probability(self, "dropout")


class LSTMLanguageModel(nn.Module):
    """A stack of LSTM layers that predicts the next token. Each step is :func:`lmkit.nn.lstm_step`, run by PyTorch.

    Args:
        config: The model's sizes.
        seed: Seed of the initial weights.

    Source:
        Zaremba et al. (2014), section 3, with tied embeddings.

    Example:
        >>> model = LSTMLanguageModel(LSTMConfig(vocab_size=50, d_model=16, num_layers=2))
        >>> model(torch.tensor([[3, 1, 4]])).shape
        torch.Size([1, 3, 50])
    """

    def __init__(self, config: LSTMConfig, *, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        self.token_embedding = TokenEmbedding(config.vocab_size, config.d_model)
        between = config.dropout if config.num_layers > 1 else 0.0
        self.lstm = nn.LSTM(config.d_model, config.d_model, config.num_layers, batch_first=True, dropout=between)
        self.dropout = Dropout(config.dropout)
        self.unembedding = Linear(config.d_model, config.vocab_size, bias=False)
        tie(self.unembedding, self.token_embedding)
        initialise(self, seed=seed)

    def forward(
        self,
        token_ids: Int[Tensor, "B T"],
        *,
        padding_mask: Bool[Tensor, "B T"] | None = None,
        cache: "LSTMState | None" = None,
    ) -> Float[Tensor, "B T V"]:
        """Logits of the token after each position; see :meth:`hidden` for the arguments."""
        return self.unembedding(self.hidden(token_ids, padding_mask=padding_mask, cache=cache))

    def hidden(
        self,
        token_ids: Int[Tensor, "B T"],
        *,
        padding_mask: Bool[Tensor, "B T"] | None = None,
        cache: "LSTMState | None" = None,
    ) -> Float[Tensor, "B T D"]:
        """Hidden states that the unembedding maps to logits.

        Args:
            token_ids: Input ids.
            padding_mask: ``True`` at real tokens. Padding does not change the state.
            cache: The state after the earlier tokens; it is updated to the state after the new ones.

        Returns:
            The output of the last layer; zeros at padding.
        """
        x = self.dropout(self.token_embedding(token_ids))
        state = None if cache is None else cache.state
        if padding_mask is None:
            hidden, state = self.lstm(x, state)
        else:
            hidden, state = self._skip_padding(x, padding_mask, state)
        if cache is not None:
            cache.state, cache.length = state, cache.length + token_ids.shape[1]
        return self.dropout(hidden)

    def _skip_padding(
        self, x: Tensor, padding_mask: Tensor, state: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Move the real tokens of each row to the front, run PyTorch's packed LSTM, and move the outputs back."""
        to_front = padding_mask.int().argsort(dim=-1, descending=True, stable=True).unsqueeze(-1).expand_as(x)
        lengths = padding_mask.sum(dim=-1)
        packed_lengths = lengths.clamp(min=1).cpu()  # PyTorch packs no empty rows, so those are undone below
        packed = pack_padded_sequence(x.gather(1, to_front), packed_lengths, batch_first=True, enforce_sorted=False)
        packed_hidden, (after, cell_after) = self.lstm(packed, state)
        before, cell_before = (torch.zeros_like(after), torch.zeros_like(cell_after)) if state is None else state
        has_tokens = (lengths > 0).unsqueeze(-1)
        state = (torch.where(has_tokens, after, before), torch.where(has_tokens, cell_after, cell_before))
        at_front, _ = pad_packed_sequence(packed_hidden, batch_first=True, total_length=x.shape[1])
        hidden = torch.zeros_like(x).scatter(1, to_front, at_front)
        return hidden.masked_fill(~padding_mask.unsqueeze(-1), 0), state

    def make_cache(self, batch_size: int, max_length: int) -> "LSTMState":
        """Make the state before the first token.

        Args:
            batch_size: Not used; other models' caches need it.
            max_length: Not used either: the state does not grow with the text.
        """
        return LSTMState()


class LSTMState:
    """What a recurrent model keeps of the tokens it has read: one hidden and one cell vector per layer and row.

    Example:
        >>> model = LSTMLanguageModel(LSTMConfig(vocab_size=9, d_model=8, num_layers=1)).eval()
        >>> state = model.make_cache(1, 8)
        >>> _ = model.hidden(torch.tensor([[3, 1, 4]]), cache=state)
        >>> state.length
        3
    """

    def __init__(self) -> None:
        self.state: tuple[Tensor, Tensor] | None = None
        self.length = 0

    def select_rows(self, rows: Int[Tensor, " B"]) -> None:
        """Reorder the rows.

        Args:
            rows: For each new row, the old one to copy.
        """
        if self.state is not None:
            hidden, cell = self.state
            self.state = (hidden[:, rows], cell[:, rows])
