"""Skip-gram with negative sampling: word vectors learned by distinguishing a word's neighbours from random words."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.models.validation import require_positive, require_window


class SkipGram(nn.Module):
    r"""Two vectors per token: $v_w$ for its use as a centre, $u_w$ for its use as context of another token.

    The score of a context token $o$ at a centre $c$ is $u_o^\top v_c$.

    Args:
        vocab_size: Number of token ids.
        d_model: Width of the vectors.
        seed: Seed of the initial values.

    Raises:
        ValueError: If a size is not positive.

    Source:
        Mikolov et al. (2013), section 2. The initial values are those of the authors' code: $v$ is uniform within
        $\pm 1/(2d)$, and $u$ is zero.

    Example:
        >>> model = SkipGram(vocab_size=5, d_model=3)
        >>> model(torch.tensor([0, 1]), torch.tensor([[2, 3], [3, 4]])).shape
        torch.Size([2, 2])
    """

    def __init__(self, *, vocab_size: int, d_model: int, seed: int = 0) -> None:
        super().__init__()
        self.vocab_size, self.d_model = vocab_size, d_model
        require_positive(self, "vocab_size", "d_model")
        generator = torch.Generator().manual_seed(seed)
        self.centre_vectors = nn.Parameter((torch.rand(vocab_size, d_model, generator=generator) - 0.5) / d_model)
        self.context_vectors = nn.Parameter(torch.zeros(vocab_size, d_model))

    def forward(self, centre_ids: Int[Tensor, " B"], context_ids: Int[Tensor, "B C"]) -> Float[Tensor, "B C"]:
        """Score context tokens.

        Args:
            centre_ids: The centre of each row.
            context_ids: Candidate neighbours of each centre.

        Returns:
            The logit of each candidate being a real neighbour.
        """
        centre_BD, context_BCD = self.centre_vectors[centre_ids], self.context_vectors[context_ids]
        return (context_BCD @ centre_BD.unsqueeze(-1)).squeeze(-1)


def negative_sampling_loss(
    neighbour_scores: Float[Tensor, "B P"], random_scores: Float[Tensor, "B N"]
) -> Float[Tensor, ""]:
    r"""Mean over the rows of the loss for distinguishing neighbours from random tokens.

    $$-\sum_p \log \sigma(u_p^\top v_c) - \sum_n \log \sigma(-u_n^\top v_c)$$

    Args:
        neighbour_scores: Scores of real neighbours.
        random_scores: Scores of tokens sampled from :func:`noise_distribution`.

    Returns:
        Nats per row.

    Source:
        Mikolov et al. (2013), equation 4.

    Example:
        >>> loss = negative_sampling_loss(torch.zeros(1, 1), torch.zeros(1, 2))  # three guesses at one half
        >>> (loss / torch.tensor(2.0).log()).round(decimals=3).item()
        3.0
    """
    neighbours = F.logsigmoid(neighbour_scores).sum(dim=-1)
    randoms = F.logsigmoid(-random_scores).sum(dim=-1)
    return -(neighbours + randoms).mean()


def noise_distribution(token_stream: Int[Tensor, " M"], vocab_size: int, power: float = 0.75) -> Float[Tensor, " V"]:
    r"""The distribution of negative samples, $P(w) \propto \operatorname{count}(w)^{3/4}$, which favours rare tokens.

    Args:
        token_stream: Training tokens.
        vocab_size: Number of token ids.
        power: The exponent; 1 gives the token frequencies.

    Returns:
        Probabilities.

    Raises:
        ValueError: If the stream is empty or has an id of ``vocab_size`` or more.

    Example:
        >>> noise_distribution(torch.tensor([0, 0, 0, 1]), vocab_size=2, power=1.0)
        tensor([0.7500, 0.2500])
    """
    if token_stream.numel() == 0:
        raise ValueError("token_stream is empty: there is nothing to count")
    if (largest := int(token_stream.max())) >= vocab_size:
        raise ValueError(f"token_stream has the id {largest}: it must be less than vocab_size={vocab_size}")
    weights = torch.bincount(token_stream, minlength=vocab_size).float() ** power
    return weights / weights.sum()


def skip_gram_pairs(token_stream: Int[Tensor, " M"], window: int) -> Int[Tensor, "N 2"]:
    """All pairs of a centre and a neighbour at most ``window`` positions away.

    Args:
        token_stream: Training tokens.
        window: The largest distance.

    Returns:
        Centre and neighbour in two columns.

    Raises:
        ValueError: If ``window`` is less than 1 or the stream is empty.

    Example:
        >>> skip_gram_pairs(torch.tensor([7, 8, 9]), window=1).tolist()
        [[7, 8], [8, 9], [8, 7], [9, 8]]
    """
    require_window(token_stream, window)
    pairs = [
        torch.stack([token_stream[:-distance], token_stream[distance:]], dim=-1) for distance in range(1, window + 1)
    ]
    forwards = torch.cat(pairs)
    return torch.cat([forwards, forwards.flip(-1)])
