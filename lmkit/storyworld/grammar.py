"""The grammar: the lines that can follow in a situation, and a trie of their words."""

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import accumulate
from typing import NamedTuple

from lmkit.storyworld.config import StoryWorldConfig
from lmkit.storyworld.entities import words
from lmkit.storyworld.plot import Cast, Situation, next_moves
from lmkit.storyworld.roles import Role
from lmkit.storyworld.sentences import WORDINGS

_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")


class Slot(NamedTuple):
    """A gap in a sentence, to be filled with one form of a role's entity."""

    role: str
    form: str


Piece = str | Slot
"""A piece of a sentence: literal text or a slot."""


@dataclass(frozen=True, eq=False)
class Line:
    """One wording of one kind of sentence in one situation.

    Attributes:
        kind: The kind of sentence.
        probability: Probability of the line in its situation.
        english: English template for ``str.format_map``.
        chinese: Chinese template for ``str.format_map``.
        before: The situation in which the line can occur.
        after: The situation that it leads to.
        roles: The roles mentioned in the English template, in order of first mention.
        forgotten: The names of those that are not lasting.
        cast: The placeholders of the wording and their roles.
    """

    kind: str
    probability: float
    english: str
    chinese: str
    before: Situation
    after: Situation
    roles: tuple[Role, ...] = field(repr=False)  # they would show all their possible fillers
    forgotten: tuple[str, ...]
    cast: Cast

    def role_of(self, stand_in: str) -> str:
        """The role that a placeholder of the wording refers to."""
        return dict(self.cast)[stand_in]


@dataclass(eq=False)
class Node:
    """A node in the trie of a situation's lines, which branches at each word or slot.

    Attributes:
        share: Probability of this node given its parent.
        words: Child nodes by literal word.
        slots: Child nodes by slot.
        ends: The lines that end here, with the probability of each given this node.
    """

    share: float = 1.0
    words: dict[str, "Node"] = field(default_factory=dict)
    slots: dict[Slot, "Node"] = field(default_factory=dict)
    ends: list[tuple[Line, float]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Scene:
    """The lines that can follow in a situation.

    Attributes:
        lines: The lines; none at the end of the story.
    """

    lines: tuple[Line, ...]

    @cached_property
    def cumulative(self) -> tuple[float, ...]:
        """Cumulative sums of the lines' probabilities; the last is exactly 1."""
        return (*accumulate(line.probability for line in self.lines[:-1]), 1.0)

    @cached_property
    def root(self) -> Node:
        """The trie of the lines; at the end of the story it allows only the word ``""``."""
        if not self.lines:
            return Node(words={"": Node()})
        return _trie([(tokens(line.english), line) for line in self.lines], 0, 1.0)

    def draw(self, number: float) -> Line:
        """Draw a line.

        Args:
            number: A random number in $[0, 1)$.

        Returns:
            The line whose interval of cumulative probability contains the number.
        """
        return self.lines[bisect(self.cumulative, number)]


@cache
def pieces(template: str) -> tuple[Piece, ...]:
    """Split a template into literal text and slots.

    Args:
        template: Text with slots in braces.

    Returns:
        Literal text and slots, in order.

    Example:
        >>> pieces("{hero} saw {thing:the}.")
        (Slot(role='hero', form=''), ' saw ', Slot(role='thing', form='the'), '.')
    """
    parts: list[Piece] = []
    position = 0
    for match in _SLOT.finditer(template):
        if match.start() > position:
            parts.append(template[position : match.start()])
        parts.append(Slot(match[1], match[2] or ""))
        position = match.end()
    if position < len(template):
        parts.append(template[position:])
    return tuple(parts)


@cache
def tokens(template: str) -> tuple[Piece, ...]:
    """Split an English template into words and slots.

    Args:
        template: Text with slots in braces.

    Returns:
        Single words, punctuation marks and slots.
    """
    return tuple(
        token for piece in pieces(template) for token in ([piece] if isinstance(piece, Slot) else words(piece))
    )


@cache
def recast(template: str, cast: Cast) -> str:
    """Replace placeholders by roles.

    Args:
        template: Text with slots in braces.
        cast: Placeholders and their roles.

    Returns:
        The template, with roles as the names of all slots.

    Example:
        >>> recast("{who} slept.", (("who", "friend"),))
        '{friend} slept.'
    """
    roles = dict(cast)
    return re.sub(r"(?<=\{)\w+", lambda match: roles.get(match[0], match[0]), template)


def build_scene(situation: Situation, config: StoryWorldConfig, roles: Mapping[str, Role]) -> Scene:
    """Make the scene of a situation.

    Args:
        situation: The current situation of the story.
        config: The world's settings.
        roles: The world's roles.

    Returns:
        The scene.
    """
    lines = []
    for move in next_moves(situation, config):
        wordings = WORDINGS[move.kind][: config.num_paraphrases]
        for english, chinese in wordings:
            english = recast(english, move.cast)
            mentioned = dict.fromkeys(piece.role for piece in pieces(english) if isinstance(piece, Slot))
            lines.append(
                Line(
                    kind=move.kind,
                    probability=move.probability / len(wordings),
                    english=english,
                    chinese=recast(chinese, move.cast),
                    before=situation,
                    after=move.after,
                    roles=tuple(roles[name] for name in mentioned),
                    forgotten=tuple(name for name in mentioned if not roles[name].lasting),
                    cast=move.cast,
                )
            )
    return Scene(tuple(lines))


def _trie(entries: Sequence[tuple[tuple[Piece, ...], Line]], depth: int, share: float) -> Node:
    total = sum(line.probability for _, line in entries)
    branches: dict[Piece, list[tuple[tuple[Piece, ...], Line]]] = {}
    node = Node(share)
    for sentence, line in entries:
        if depth == len(sentence):
            node.ends.append((line, line.probability / total))
        else:
            branches.setdefault(sentence[depth], []).append((sentence, line))
    for piece, branch in branches.items():
        child = _trie(branch, depth + 1, sum(line.probability for _, line in branch) / total)
        if isinstance(piece, Slot):
            node.slots[piece] = child
        else:
            node.words[piece] = child
    return node
