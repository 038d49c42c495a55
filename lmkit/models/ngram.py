"""N-gram language models: the next token depends on the last ``order - 1`` tokens and nothing before them.

An n-gram model is a table of counts and a smoothing rule for n-grams that were never counted. This module has two:
additive smoothing, the simplest, and interpolated Kneser-Ney smoothing, the best of the classical ones.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

Gram = tuple[int, ...]


def count_ngrams(token_stream: Sequence[int] | Int[Tensor, " M"], order: int) -> Counter[Gram]:
    """Count every run of ``order`` consecutive tokens.

    Args:
        token_stream: Token ids.
        order: Length of the runs, at least 1.

    Returns:
        How often each run occurs. There are ``M - order + 1`` runs in total, or none in a shorter stream.

    Raises:
        ValueError: If the order is less than 1.

    Example:
        >>> count_ngrams([5, 6, 5, 6], order=2)
        Counter({(5, 6): 2, (6, 5): 1})
    """
    if order < 1:
        raise ValueError(f"order={order} must be at least 1")
    tokens = token_stream.tolist() if isinstance(token_stream, Tensor) else token_stream
    return Counter(zip(*(tokens[start:] for start in range(order)), strict=False))


class NGram(nn.Module, ABC):
    """The base of all n-gram models; a subclass defines :meth:`probability`.

    Args:
        order: The $n$ of n-gram: one more than the number of context tokens.
        vocab_size: Number of token ids.

    Raises:
        ValueError: If either is less than 1.

    Example:
        >>> model = AdditiveNGram([0, 1, 0, 1, 0], order=2, vocab_size=2)
        >>> model.next_token_distribution([0])
        tensor([0.2500, 0.7500], dtype=torch.float64)
    """

    def __init__(self, order: int, vocab_size: int) -> None:
        super().__init__()
        if order < 1:
            raise ValueError(f"order={order} must be at least 1")
        if vocab_size < 1:
            raise ValueError(f"vocab_size={vocab_size} must be at least 1")
        self.order = order
        self.vocab_size = vocab_size

    @abstractmethod
    def probability(self, token: int, context: Sequence[int]) -> float:
        """Probability of a token after a context, of which only the last ``order - 1`` tokens matter.

        Args:
            token: The token id.
            context: The token ids before it, of any length.

        Returns:
            Between 0 and 1; the probabilities of all tokens sum to 1.
        """

    def next_token_distribution(self, context: Sequence[int]) -> Float[Tensor, " V"]:
        """Probability of every token after a context.

        Args:
            context: The token ids before it.

        Returns:
            A distribution, in float64.
        """
        context = self._last(context)
        probabilities = [self.probability(token, context) for token in range(self.vocab_size)]
        return torch.tensor(probabilities, dtype=torch.float64)

    def log_probs(self, token_ids: Sequence[int] | Int[Tensor, " M"]) -> Float[Tensor, " M"]:
        r"""Log-probability of each token of a sequence given those before it, $\log P(x_t \mid x_{<t})$.

        Their sum is the log-probability of the sequence. The product of the probabilities would underflow after a few
        hundred tokens.

        Args:
            token_ids: The sequence.

        Returns:
            Nats, in float64; at most 0.

        Raises:
            ValueError: If an id is outside the vocabulary.
        """
        tokens = self._checked(token_ids)
        reach = self.order - 1
        probabilities = [self.probability(token, tokens[max(0, t - reach) : t]) for t, token in enumerate(tokens)]
        return torch.tensor(probabilities, dtype=torch.float64).log()

    def forward(self, token_ids: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        """Logits of the token after each position; here they are normalised log-probabilities.

        Args:
            token_ids: Input ids.

        Returns:
            Nats, in float64.
        """
        distributions = [
            self.next_token_distribution(row[: t + 1]) for row in token_ids.tolist() for t in range(len(row))
        ]
        return torch.stack(distributions).view(*token_ids.shape, self.vocab_size).log()

    def sample(self, num_tokens: int, generator: torch.Generator, prompt: Sequence[int] = ()) -> list[int]:
        """Continue a prompt by sampling one token at a time.

        Args:
            num_tokens: Number of tokens to sample.
            generator: Source of randomness.
            prompt: Token ids to continue; may be empty.

        Returns:
            The new token ids, without the prompt.

        Raises:
            ValueError: If an id of the prompt is outside the vocabulary.
        """
        tokens = self._checked(prompt)
        for _ in range(num_tokens):
            distribution = self.next_token_distribution(tokens)
            tokens.append(int(torch.multinomial(distribution, 1, generator=generator)))
        return tokens[len(prompt) :]

    def _last(self, context: Sequence[int]) -> Gram:
        return tuple(context[max(0, len(context) - self.order + 1) :])

    def _checked(self, token_ids: Sequence[int] | Int[Tensor, " M"]) -> list[int]:
        tokens = token_ids.tolist() if isinstance(token_ids, Tensor) else list(token_ids)
        for position, token in enumerate(tokens):
            if not 0 <= token < self.vocab_size:
                raise ValueError(f"token id {token} at position {position} is outside vocab_size={self.vocab_size}")
        return tokens


class AdditiveNGram(NGram):
    r"""N-gram model that adds $\alpha$ to every count.

    $$P(w \mid c) = \frac{C(cw) + \alpha}{C(c\,\cdot) + \alpha V}$$

    Args:
        token_stream: Training tokens.
        order: The $n$ of n-gram.
        vocab_size: $V$.
        alpha: $\alpha > 0$; 1 is Laplace's rule.

    Raises:
        ValueError: If a size is less than 1, $\alpha$ is not positive, the stream is empty, or an id is outside the
            vocabulary.

    Example:
        >>> model = AdditiveNGram([0, 1, 0, 1, 0], order=2, vocab_size=2, alpha=1.0)
        >>> model.probability(1, (0,))  # (2 + 1) / (2 + 2)
        0.75
    """

    def __init__(
        self, token_stream: Sequence[int] | Int[Tensor, " M"], *, order: int, vocab_size: int, alpha: float = 1.0
    ) -> None:
        super().__init__(order, vocab_size)
        if not alpha > 0:
            raise ValueError(f"alpha={alpha} must be greater than 0")
        tokens = _not_empty(self._checked(token_stream))
        self.alpha = alpha
        # Shorter n-grams are counted too, because the first tokens of a sequence have shorter contexts.
        self.counts = _merge([count_ngrams(tokens, length) for length in range(1, order + 1)])
        self.totals, _ = _by_context(self.counts)

    def probability(self, token: int, context: Sequence[int]) -> float:
        """Probability of one token after a context."""
        context = self._last(context)
        count = self.counts.get((*context, token), 0)
        return (count + self.alpha) / (self.totals.get(context, 0) + self.alpha * self.vocab_size)


class KneserNeyNGram(NGram):
    r"""N-gram model with interpolated Kneser-Ney smoothing.

    A discount $D$ is subtracted from every count. The freed probability goes to the model for the shorter context $c'$,
    which drops the first token of $c$:

    $$P(w \mid c) = \frac{\max(C(cw) - D, 0) + D\, N_{1+}(c\,\cdot)\, P(w \mid c')}{C(c\,\cdot)}$$

    $N_{1+}(c\,\cdot)$ is the number of different tokens seen after $c$. Below the highest order, a count is the number
    of different tokens seen *before* the n-gram, $C(cw) = N_{1+}(\cdot\,cw)$. So a word that follows only one other
    word ("Francisco") is unlikely elsewhere, even if it is frequent. The unigrams are interpolated with the uniform
    distribution, so no token has probability 0.

    Args:
        token_stream: Training tokens.
        order: The $n$ of n-gram.
        vocab_size: Number of token ids.
        discount: $0 < D < 1$ for all orders; by default $n_1 / (n_1 + 2 n_2)$ at each order, where $n_k$ is the number
            of n-grams with count $k$, or 0.75 if no n-gram has count 1.

    Raises:
        ValueError: If a size is less than 1, the discount is out of its range, the stream is empty, or an id is outside
            the vocabulary.

    Source:
        Kneser and Ney (1995); the interpolated form is that of Chen and Goodman (1999), the estimate of $D$
        that of Ney, Essen and Kneser (1994).

    Example:
        >>> model = KneserNeyNGram([0, 1, 0, 2, 0, 1], order=2, vocab_size=3, discount=0.5)
        >>> round(sum(model.probability(token, (0,)) for token in range(3)), 6)
        1.0
    """

    def __init__(
        self,
        token_stream: Sequence[int] | Int[Tensor, " M"],
        *,
        order: int,
        vocab_size: int,
        discount: float | None = None,
    ) -> None:
        super().__init__(order, vocab_size)
        if discount is not None and not 0 < discount < 1:
            raise ValueError(f"discount={discount} must lie between 0 and 1, both excluded")
        tokens = _not_empty(self._checked(token_stream))
        counts_by_length = [
            Counter(gram[1:] for gram in count_ngrams(tokens, length + 1)) for length in range(1, order)
        ]
        counts_by_length.append(count_ngrams(tokens, order))
        self.discounts = [discount or _estimate_discount(counts) for counts in counts_by_length]
        self.counts = _merge(counts_by_length)
        self.totals, self.followers = _by_context(self.counts)

    def probability(self, token: int, context: Sequence[int]) -> float:
        """Probability of one token after a context."""
        context = self._last(context)
        lower = self.probability(token, context[1:]) if context else 1 / self.vocab_size
        total = self.totals.get(context, 0)
        if total == 0:
            return lower
        discount = self.discounts[len(context)]
        kept = max(self.counts.get((*context, token), 0) - discount, 0)
        return (kept + discount * len(self.followers[context]) * lower) / total

    def next_token_distribution(self, context: Sequence[int]) -> Float[Tensor, " V"]:
        """Probability of every token after a context: only those that have been seen there are looked up."""
        context = self._last(context)
        distribution = torch.full((self.vocab_size,), 1 / self.vocab_size, dtype=torch.float64)
        for start in range(len(context), -1, -1):  # from the empty context to the whole one
            known = context[start:]
            followers = self.followers.get(known, [])
            if followers:
                discount, total = self.discounts[len(known)], self.totals[known]
                kept = [max(self.counts[*known, token] - discount, 0) for token in followers]
                distribution *= discount * len(followers) / total
                distribution[followers] += torch.tensor(kept, dtype=torch.float64) / total
        return distribution


def _not_empty(tokens: list[int]) -> list[int]:
    if not tokens:
        raise ValueError("token_stream is empty: there is nothing to count")
    return tokens


def _merge(counts_by_length: list[Counter[Gram]]) -> dict[Gram, int]:
    """Merge the counts of all lengths into one table; n-grams of different lengths have different keys."""
    return {gram: count for counts in counts_by_length for gram, count in counts.items()}


def _by_context(counts: dict[Gram, int]) -> tuple[Counter[Gram], dict[Gram, list[int]]]:
    """For each context, the sum of its counts and the different tokens after it."""
    totals: Counter[Gram] = Counter()
    followers: dict[Gram, list[int]] = {}
    for gram, count in counts.items():
        totals[gram[:-1]] += count
        followers.setdefault(gram[:-1], []).append(gram[-1])
    return totals, followers


def _estimate_discount(counts: Counter[Gram]) -> float:
    once = sum(count == 1 for count in counts.values())
    twice = sum(count == 2 for count in counts.values())
    return once / (once + 2 * twice) if once else 0.75
