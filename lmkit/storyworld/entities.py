"""Entities: what a slot of a sentence can be filled with, and every form that it takes in both languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[A-Za-z]+|[.,!]")
_BEFORE_MARK = re.compile(r" (?=[.,!])")


def words(text: str) -> list[str]:
    """Split English story text into words and punctuation marks.

    Args:
        text: Text of a story, or the beginning of one.

    Returns:
        The words, each mark a word of its own; ``join_words`` puts the text together again.

    Example:
        >>> words("Anna gave the red kite to Tom.")
        ['Anna', 'gave', 'the', 'red', 'kite', 'to', 'Tom', '.']
    """
    return _WORD.findall(text)


def join_words(story_words: Sequence[str]) -> str:
    """Join words to a text: the inverse of ``words`` on story text.

    Args:
        story_words: Words and punctuation marks.

    Returns:
        Text with one space between words and none before a mark.

    Example:
        >>> join_words(["At", "last", ",", "Anna", "slept", "."])
        'At last, Anna slept.'
    """
    return _BEFORE_MARK.sub("", " ".join(story_words))


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """Something that a slot can be filled with.

    A template writes ``{thing:the}`` for the form ``"the"`` of whatever fills the slot ``thing``. English forms have
    English names, Chinese forms Chinese ones; the bare forms are ``""`` and ``"名"``.

    Attributes:
        key: Two entities with one key never play two rival roles in a story.
        label: The type of named entity, or ``""`` if it is no named entity.
        kind: The class on which other choices depend (the pronoun of a name, the inside or outside of a place).
        forms: The text of each form.
        spans: Where the entity's own words are in each form: start and end in characters.
        words: The words of each form.
    """

    key: str
    label: str
    kind: str
    forms: dict[str, str]
    spans: dict[str, tuple[int, int]]
    words: dict[str, tuple[str, ...]]

    def __format__(self, form: str) -> str:
        """Give one form, so that ``"{thing:the}".format(thing=entity)`` works."""
        return self.forms[form]

    def __repr__(self) -> str:
        """Show the bare form in both languages."""
        return f"Entity({self.forms['']!r}, {self.forms['名']!r})"


def make_entity(key: str, label: str, kind: str, marked_forms: dict[str, str]) -> Entity:
    """Build an entity from forms in which square brackets mark its own words, as in ``"in the [park]"``.

    Args:
        key: See ``Entity``.
        label: See ``Entity``.
        kind: See ``Entity``.
        marked_forms: The name of each form and its text; a form without brackets has no span.

    Returns:
        The entity, its forms without brackets.
    """
    forms = {name: marked.replace("[", "").replace("]", "") for name, marked in marked_forms.items()}
    spans = {name: (marked.index("["), marked.index("]") - 1) for name, marked in marked_forms.items() if "[" in marked}
    return Entity(key, label, kind, forms, spans, {name: tuple(words(form)) for name, form in forms.items()})
