"""Judging a text: is it a story of this world, and if not, are its words or its facts wrong?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from lmkit.storyworld.annotations import Fact
from lmkit.storyworld.entities import join_words, words
from lmkit.storyworld.grammar import Piece, Slot, recast, tokens
from lmkit.storyworld.plot import Cast
from lmkit.storyworld.reading import Reader
from lmkit.storyworld.roles import Role
from lmkit.storyworld.sentences import WORDINGS
from lmkit.storyworld.story import Story

Verdict = Literal["story", "unfinished", "contradiction", "ungrammatical"]
"""What a text is; see :class:`Judgement`."""

_CASTS: list[Cast] = [
    (("who", "hero"), ("where", "spot"), ("there", "place"), ("feeling", mood)) for mood in ("glad", "calm", "sad")
]


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The result of checking a text.

    Attributes:
        verdict: "story"; "unfinished" for the beginning of a story; "contradiction" if the first wrong sentence is a
            sentence of this world, but cannot follow the sentences before it; otherwise "ungrammatical".
        story: The story, if the text is one.
        position: Otherwise, the index of the first word that is impossible.
        word: That word; ``""`` if the text ends too early.
        allowed: The possible words at that position with their probabilities given the words before; ``""`` is the end.

    Example:
        >>> from lmkit.storyworld import StoryWorld
        >>> judgement = StoryWorld().parse("Anna was happy.")
        >>> judgement.verdict, judgement.position, judgement.word
        ('ungrammatical', 2, 'happy')
    """

    verdict: Verdict
    story: Story | None = None
    position: int | None = None
    word: str | None = None
    allowed: Mapping[str, float] | None = None

    @property
    def is_story(self) -> bool:
        """Whether the text is a story of this world."""
        return self.story is not None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the story; empty if the text is not a story."""
        return self.story.facts if self.story is not None else ()


class Judge:
    """Distinguishes stories, contradictions and ungrammatical text.

    Args:
        roles: The world's roles.
        num_paraphrases: Number of wordings of each kind of sentence.
    """

    def __init__(self, roles: Mapping[str, Role], num_paraphrases: int) -> None:
        """Collect the world's sentence patterns."""
        self._roles = roles
        self._patterns = dict.fromkeys(
            tokens(recast(english, cast))
            for wordings in WORDINGS.values()
            for english, _ in wordings[:num_paraphrases]
            for cast in _CASTS
        )
        self._forms = cache(self._all_forms)

    def parse(self, text: str, reader: Reader) -> Judgement:
        """Judge a text.

        Args:
            text: Any text.
            reader: A fresh reader of the world.

        Returns:
            The verdict and the reason for it.
        """
        story_words = words(text)
        for position, word in enumerate(story_words):
            if reader.read(word) == 0:
                verdict: Verdict = "contradiction" if self._in_sentence(story_words, position) else "ungrammatical"
                return Judgement(verdict=verdict, position=position, word=word, allowed=reader.distribution())
        plain_text = join_words(story_words)
        if plain_text != text:
            same = next((n for n, (a, b) in enumerate(zip(plain_text, text, strict=False)) if a != b), len(plain_text))
            return Judgement(verdict="ungrammatical", position=len(words(text[:same])), word=text[same:], allowed={})
        if reader.read("") == 0:
            allowed = reader.distribution()
            return Judgement(verdict="unfinished", position=len(story_words), word="", allowed=allowed)
        return Judgement(verdict="story", story=Story(tuple(reader.derivations()[0])))

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """All words and punctuation marks of the world, sorted."""
        found = set()
        for pattern in self._patterns:
            for token in pattern:
                found |= {word for form in self._forms(token) for word in form} if isinstance(token, Slot) else {token}
        return tuple(sorted(found))

    def is_sentence(self, sentence: Sequence[str]) -> bool:
        """Whether words form a sentence of this world, regardless of the sentences before it.

        Args:
            sentence: Words and punctuation marks.

        Returns:
            Whether some sentence pattern matches.
        """
        return any(self._fits(pattern, tuple(sentence)) for pattern in self._patterns)

    def _in_sentence(self, story_words: Sequence[str], position: int) -> bool:
        """Whether the sentence that contains a position is a sentence of this world."""
        ends = [number + 1 for number, word in enumerate(story_words) if word in ".!"]
        start = max((end for end in ends if end <= position), default=0)
        end = min((end for end in ends if end > position), default=len(story_words))
        return self.is_sentence(story_words[start:end])

    def _fits(self, pattern: tuple[Piece, ...], sentence: tuple[str, ...]) -> bool:
        if not pattern:
            return not sentence
        token, rest = pattern[0], pattern[1:]
        if isinstance(token, str):
            return sentence[:1] == (token,) and self._fits(rest, sentence[1:])
        forms = self._forms(token)
        return any(
            sentence[:length] in forms and self._fits(rest, sentence[length:]) for length in range(1, len(sentence) + 1)
        )

    def _all_forms(self, slot: Slot) -> frozenset[tuple[str, ...]]:
        return frozenset(entity.words[slot.form] for entity, _ in self._roles[slot.role].anything())
