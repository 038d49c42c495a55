"""The story world as experiments with small models read it: word by word, in one stream."""

from collections.abc import Iterable
from functools import cache

import torch
from jaxtyping import Int
from torch import Tensor

from lmkit.storyworld import StoryWorld, words


class WordStream:
    """Stories as ids of words, each story with an end after it.

    Args:
        vocabulary: The words. Any other word of a story is an error, unless one of them is ``"<other>"``.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.ids = {word: number for number, word in enumerate(["<end>", *vocabulary])}
        self.stories = cache(self._stories)

    @property
    def vocab_size(self) -> int:
        """Number of words, with the end of a story."""
        return len(self.ids)

    def _stories(self, num_stories: int, seed: int) -> Int[Tensor, " M"]:
        """Ids of so many stories."""
        read = [word for text in StoryWorld().texts(num_stories, seed=seed) for word in (*words(text), "<end>")]
        other = self.ids.get("<other>")
        return torch.tensor([self.ids[word] if other is None else self.ids.get(word, other) for word in read])

    def frequency_loss(self, num_stories: int) -> float:
        """Loss on held-out stories of guessing by the frequency of the words in others alone, in nats per word."""
        counts = torch.bincount(self.stories(num_stories, 1), minlength=self.vocab_size) + 0.5
        return -(counts / counts.sum()).log()[self.stories(100, 2)].mean().item()


@cache
def seen_words() -> WordStream:
    """A stream with the words of a thousand stories, all others being one."""
    seen = {word for text in StoryWorld().texts(1000, seed=0) for word in words(text)}
    return WordStream(["<other>", *sorted(seen)])


@cache
def all_words() -> WordStream:
    """A stream with all words of the world."""
    return WordStream(StoryWorld().vocabulary)
