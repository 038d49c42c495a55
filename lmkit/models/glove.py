"""GloVe: word vectors whose dot products approximate the logarithms of co-occurrence counts."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lmkit.models.validation import require_positive, require_window


class GloVe(nn.Module):
    r"""Two vectors and two biases per token, with $\log X_{ij} \approx w_i^\top \tilde w_j + b_i + \tilde b_j$.

    Args:
        vocab_size: Number of token ids.
        d_model: Width of the vectors.
        seed: Seed of the initial values, which are uniform within $\pm 1/(2d)$ as in the authors' code.

    Raises:
        ValueError: If a size is not positive.

    Source:
        Pennington et al. (2014), equation 7.

    Example:
        >>> model = GloVe(vocab_size=5, d_model=3)
        >>> model(torch.tensor([0, 1]), torch.tensor([2, 2])).shape
        torch.Size([2])
    """

    def __init__(self, *, vocab_size: int, d_model: int, seed: int = 0) -> None:
        super().__init__()
        self.vocab_size, self.d_model = vocab_size, d_model
        require_positive(self, "vocab_size", "d_model")
        generator = torch.Generator().manual_seed(seed)

        def uniform(*shape: int) -> nn.Parameter:
            return nn.Parameter((torch.rand(*shape, generator=generator) - 0.5) / d_model)

        self.word_vectors, self.context_vectors = uniform(vocab_size, d_model), uniform(vocab_size, d_model)
        self.word_biases, self.context_biases = uniform(vocab_size), uniform(vocab_size)

    def forward(self, word_ids: Int[Tensor, " N"], context_ids: Int[Tensor, " N"]) -> Float[Tensor, " N"]:
        """Predict the logarithms of co-occurrence counts.

        Args:
            word_ids: The word $i$ of each pair.
            context_ids: The context word $j$ of each pair.

        Returns:
            One prediction per pair.
        """
        products = (self.word_vectors[word_ids] * self.context_vectors[context_ids]).sum(dim=-1)
        return products + self.word_biases[word_ids] + self.context_biases[context_ids]

    @property
    def vectors(self) -> Float[Tensor, "V D"]:
        """The word vectors to use: the sum of both, because word and context play symmetric roles."""
        return self.word_vectors + self.context_vectors


def glove_loss(
    predicted: Float[Tensor, " N"], counts: Float[Tensor, " N"], *, largest: float = 100.0, power: float = 0.75
) -> Float[Tensor, ""]:
    r"""Mean weighted squared error of the predictions: $\min(X / X_{\max}, 1)^{3/4} (\hat y - \log X)^2$.

    Args:
        predicted: $\hat y$.
        counts: $X > 0$.
        largest: $X_{\max}$; pairs with larger counts all have weight 1.
        power: The exponent. It gives little weight to rare pairs, which are many and whose counts are noisy.

    Returns:
        Squared nats.

    Source:
        Pennington et al. (2014), equations 8 and 9; the paper sums over the pairs where we take the mean.

    Example:
        >>> counts = torch.tensor([1.0, 10.0])
        >>> glove_loss(counts.log(), counts).item()  # a perfect prediction of the logarithms
        0.0
    """
    weights = (counts / largest).clamp(max=1) ** power
    return (weights * (predicted - counts.log()).square()).mean()


def cooccurrence_counts(
    token_stream: Int[Tensor, " M"], window: int
) -> tuple[Int[Tensor, " N"], Int[Tensor, " N"], Float[Tensor, " N"]]:
    """Count how often each pair of tokens occurs close together; a pair at distance k counts 1 / k.

    Args:
        token_stream: Training tokens.
        window: The largest distance.

    Returns:
        Words, contexts and counts of all pairs that occur, in both orders.

    Raises:
        ValueError: If ``window`` is less than 1 or the stream is empty.

    Example:
        >>> words, contexts, counts = cooccurrence_counts(torch.tensor([7, 8, 9]), window=2)
        >>> list(zip(words.tolist(), contexts.tolist(), counts.tolist()))
        [(7, 8, 1.0), (7, 9, 0.5), (8, 7, 1.0), (8, 9, 1.0), (9, 7, 0.5), (9, 8, 1.0)]
    """
    require_window(token_stream, window)
    size = int(token_stream.max()) + 1
    pairs, weights = [], []
    for distance in range(1, window + 1):
        left, right = token_stream[:-distance], token_stream[distance:]
        pairs += [left * size + right, right * size + left]
        weights += [torch.full((2 * len(left),), 1 / distance)]
    unique, inverse = torch.cat(pairs).unique(return_inverse=True)
    counts = torch.zeros(len(unique)).index_add(0, inverse, torch.cat(weights))
    return unique // size, unique % size, counts
