"""Entities: the fillers of a sentence's slots, with all their forms in both languages."""

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
        The words; each punctuation mark is a word too. :func:`join_words` restores the text.

    Example:
        >>> words("Anna gave the red kite to Tom.")
        ['Anna', 'gave', 'the', 'red', 'kite', 'to', 'Tom', '.']
    """
    return _WORD.findall(text)


def join_words(story_words: Sequence[str]) -> str:
    """Join words to a text: the inverse of :func:`words` on story text.

    Args:
        story_words: Words and punctuation marks.

    Returns:
        Text with one space between words and none before a punctuation mark.

    Example:
        >>> join_words(["At", "last", ",", "Anna", "slept", "."])
        'At last, Anna slept.'
    """
    return _BEFORE_MARK.sub("", " ".join(story_words))


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """Something that can fill a slot.

    In a template, ``{thing:the}`` is the form ``"the"`` of the entity that fills the slot ``thing``. English forms have
    English names, Chinese forms Chinese ones; the base forms are ``""`` and ``"名"``.

    Attributes:
        key: Entities with the same key never fill rival roles in one story.
        label: The named-entity type; ``""`` if it is not a named entity.
        kind: What other choices depend on: the pronoun of a name, or whether a place is inside or outside.
        forms: The text of each form.
        spans: Start and end of the entity's own words in each form, in characters.
        words: The words of each form.
    """

    key: str
    label: str
    kind: str
    forms: dict[str, str]
    spans: dict[str, tuple[int, int]]
    words: dict[str, tuple[str, ...]]

    def __format__(self, form: str) -> str:
        """Return one form, so that ``"{thing:the}".format(thing=entity)`` works."""
        return self.forms[form]

    def __repr__(self) -> str:
        """Show the base form in both languages."""
        return f"Entity({self.forms['']!r}, {self.forms['名']!r})"


def make_entity(key: str, label: str, kind: str, marked_forms: dict[str, str]) -> Entity:
    """Make an entity from forms in which square brackets mark its own words, as in ``"in the [park]"``.

    Args:
        key: See :class:`Entity`.
        label: See :class:`Entity`.
        kind: See :class:`Entity`.
        marked_forms: The text of each form by name; a form without brackets has no span.

    Returns:
        The entity; the brackets are removed from its forms.
    """
    forms = {name: marked.replace("[", "").replace("]", "") for name, marked in marked_forms.items()}
    spans = {name: (marked.index("["), marked.index("]") - 1) for name, marked in marked_forms.items() if "[" in marked}
    return Entity(key, label, kind, forms, spans, {name: tuple(words(form)) for name, form in forms.items()})
