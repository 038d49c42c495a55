"""Vectors for tokens."""

from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F


class TokenEmbedding(nn.Module):
    r"""A table with one row per token: the one-hot vector of a token, times $W$, is the token's row of $W$.

    Args:
        vocab_size: Number of rows.
        d_model: Width of a row.
        scale: Multiplies the rows that are looked up. The original Transformer uses $\sqrt{d}$, because its rows,
            shared with the unembedding, have entries of size $1/\sqrt{d}$ and would be negligible next to the
            positions.

    Source:
        Vaswani et al. (2017), section 3.4.

    Example:
        >>> import torch
        >>> embedding = TokenEmbedding(vocab_size=50, d_model=4)
        >>> torch.equal(embedding(torch.tensor([7])), embedding.weight[7:8])
        True
    """

    def __init__(self, vocab_size: int, d_model: int, *, scale: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Embedding(vocab_size, d_model).weight
        self.scale = scale

    def forward(self, token_ids: Int[Tensor, "*B"]) -> Float[Tensor, "*B D"]:
        """Look up the vectors of tokens.

        Args:
            token_ids: Ids below ``vocab_size``.

        Returns:
            One scaled row per token.
        """
        vectors = F.embedding(token_ids, self.weight)
        return vectors if self.scale == 1.0 else vectors * self.scale


def tie(unembedding: nn.Linear, embedding: TokenEmbedding) -> None:
    """Let the unembedding use the embedding's matrix, so that both train the same parameters.

    A token's row is then what it looks like as input and what the last hidden state is compared with as output.

    Args:
        unembedding: The layer that makes logits; its own matrix is discarded.
        embedding: The table.

    Source:
        Press and Wolf (2017).

    Example:
        >>> embedding, unembedding = TokenEmbedding(vocab_size=50, d_model=4), nn.Linear(4, 50, bias=False)
        >>> tie(unembedding, embedding)
        >>> unembedding.weight is embedding.weight
        True
    """
    unembedding.weight = embedding.weight
