"""The grammar: the lines that can follow in a situation, and the trie that shares their beginnings."""

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
    """A gap in a sentence for one form of what fills a role."""

    role: str
    form: str


Piece = str | Slot
"""A piece of a sentence: literal text or a slot."""


@dataclass(frozen=True, eq=False)
class Line:
    """One wording of one kind of sentence in one situation.

    Attributes:
        kind: The kind of sentence.
        probability: How likely the line is in its situation.
        english: Template for ``str.format_map``.
        chinese: Likewise.
        before: The situation in which the line can be said.
        after: The situation to which it leads.
        roles: The roles that its English mentions, in order, each once.
        forgotten: Those of them whose fillers do not stay.
        cast: The stand-ins of the wording and their roles.
    """

    kind: str
    probability: float
    english: str
    chinese: str
    before: Situation
    after: Situation
    roles: tuple[Role, ...] = field(repr=False)  # all that could fill them: thousands of characters
    forgotten: tuple[str, ...]
    cast: Cast

    def role_of(self, stand_in: str) -> str:
        """Give the role that a stand-in of the wording refers to."""
        return dict(self.cast)[stand_in]


@dataclass(eq=False)
class Node:
    """A node of the trie of a situation's lines, which branches at each word or slot.

    Attributes:
        share: Probability of getting here from the node above.
        words: The nodes below by literal word.
        slots: The nodes below by slot.
        ends: The lines that end here, with the share of each.
    """

    share: float = 1.0
    words: dict[str, "Node"] = field(default_factory=dict)
    slots: dict[Slot, "Node"] = field(default_factory=dict)
    ends: list[tuple[Line, float]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Scene:
    """A situation made ready for use.

    Attributes:
        lines: What can be said; empty at the end.
    """

    lines: tuple[Line, ...]

    @cached_property
    def cumulative(self) -> tuple[float, ...]:
        """Running sums of the lines' probabilities, the last exactly one."""
        return (*accumulate(line.probability for line in self.lines[:-1]), 1.0)

    @cached_property
    def root(self) -> Node:
        """The trie of the lines; at the end it allows only the word ``""``."""
        if not self.lines:
            return Node(words={"": Node()})
        return _trie([(tokens(line.english), line) for line in self.lines], 0, 1.0)

    def draw(self, number: float) -> Line:
        """Choose a line.

        Args:
            number: A random number in $[0, 1)$.

        Returns:
            The line in whose part of the interval the number falls.
        """
        return self.lines[bisect(self.cumulative, number)]


@cache
def pieces(template: str) -> tuple[Piece, ...]:
    """Take a template apart.

    Args:
        template: Text with slots in braces.

    Returns:
        Literal text and slots in turn.

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
    """Give the words and slots of an English template.

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
    """Replace stand-ins by roles.

    Args:
        template: Text with slots in braces.
        cast: Stand-ins and their roles.

    Returns:
        The template with roles only.

    Example:
        >>> recast("{who} slept.", (("who", "friend"),))
        '{friend} slept.'
    """
    roles = dict(cast)
    return re.sub(r"(?<=\{)\w+", lambda match: roles.get(match[0], match[0]), template)


def build_scene(situation: Situation, config: StoryWorldConfig, roles: Mapping[str, Role]) -> Scene:
    """Work out all that can be said in a situation.

    Args:
        situation: The current situation of the story.
        config: The world's knobs.
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
