"""The entropy of a story world: exact, by dynamic programming over situations, or estimated from a sample."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import fmean, stdev

from lmkit.storyworld.grammar import Scene, Slot, tokens
from lmkit.storyworld.plot import Situation
from lmkit.storyworld.roles import Role


@dataclass(frozen=True, kw_only=True)
class Entropy:
    r"""Entropy of a story world. Punctuation marks count as words; the end of the story does not.

    Attributes:
        nats_per_story: $H$, the mean of $-\log P$, in nats.
        words_per_story: $n$, the mean number of words.
        story_standard_error: Standard error of ``nats_per_story``; 0 if exact.
        word_standard_error: Standard error of ``nats_per_word``; 0 if exact.

    Example:
        >>> entropy = Entropy(nats_per_story=90.0, words_per_story=60.0)
        >>> entropy.nats_per_word
        1.5
    """

    nats_per_story: float
    words_per_story: float
    story_standard_error: float = 0.0
    word_standard_error: float = 0.0

    @property
    def nats_per_word(self) -> float:
        """$H / n$: the lowest loss per word that a model can reach on a long stream of stories."""
        return self.nats_per_story / self.words_per_story


def exact_entropy(scene: Callable[[Situation], Scene], roles: Mapping[str, Role]) -> Entropy:
    r"""Compute the entropy of the distribution over stories exactly.

    A text determines every choice that generated it (the tests check that no text has two derivations). So the entropy
    is the expected sum of the entropies of the choices,

    $$H(s) = \sum_\ell p_\ell \Big[-\log p_\ell + \sum_{r \text{ new in } \ell} H_r + H(s_\ell)\Big],$$

    over the lines $\ell$ that can follow in situation $s$, the roles $r$ that each line fills for the first time, and
    the situation $s_\ell$ that it leads to.

    Args:
        scene: Returns the scene of a situation.
        roles: The world's roles.

    Returns:
        The exact entropy.
    """

    @cache
    def mean_words(slot: Slot) -> float:
        return sum(chance * len(entity.words[slot.form]) for entity, chance in roles[slot.role].anything())

    @cache
    def fillers(template: str, bound: frozenset[str]) -> tuple[float, float, frozenset[str]]:
        """Entropy of the roles that a sentence fills for the first time, its mean length, the lasting roles so far."""
        nats, num_words, known = 0.0, 0.0, set(bound)
        for token in tokens(template):
            num_words += mean_words(token) if isinstance(token, Slot) else 1
            if isinstance(token, Slot) and token.role not in known:
                role = roles[token.role]
                nats += role.mean_nats(sum(rival in known for rival in role.rivals))
                known.add(token.role)
        return nats, num_words, frozenset(name for name in known if roles[name].lasting)

    @cache
    def remaining(situation: Situation, bound: frozenset[str]) -> tuple[float, float]:
        nats = num_words = 0.0
        for line in scene(situation).lines:
            line_nats, line_words, bound_after = fillers(line.english, bound)
            nats_after, words_after = remaining(line.after, bound_after)
            nats += line.probability * (line_nats - math.log(line.probability) + nats_after)
            num_words += line.probability * (line_words + words_after)
        return nats, num_words

    nats, num_words = remaining(Situation(), frozenset())
    return Entropy(nats_per_story=nats, words_per_story=num_words)


def sampled_entropy(log_probs: Sequence[float], num_words: Sequence[int]) -> Entropy:
    r"""Estimate the entropy from a sample of stories.

    The standard error of the ratio $\hat H / \hat n$ is that of the mean of $-\log P - (\hat H / \hat n)\, n$, divided
    by $\hat n$.

    Args:
        log_probs: The log-probability of each story, in nats.
        num_words: The number of words of each story.

    Returns:
        The estimates with their standard errors.

    Raises:
        ValueError: If there are fewer than two stories.
    """
    if len(log_probs) < 2:
        raise ValueError(f"num_stories={len(log_probs)} must be at least 2 for a standard error")
    nats, mean_words = -fmean(log_probs), fmean(num_words)
    residuals = [-log_prob - nats / mean_words * count for log_prob, count in zip(log_probs, num_words, strict=True)]
    root = math.sqrt(len(log_probs))
    return Entropy(
        nats_per_story=nats,
        words_per_story=mean_words,
        story_standard_error=stdev(log_probs) / root,
        word_standard_error=stdev(residuals) / (root * mean_words),
    )
