"""Annotations of a story: mentions of entities, facts, and questions with their answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lmkit.storyworld.entities import Entity
from lmkit.storyworld.grammar import pieces


class Mention(NamedTuple):
    """A named entity in a text.

    Attributes:
        start: First character.
        end: One past the last character.
        label: PERSON, OCCUPATION, PLACE, SPOT, THING, FOOD, ANIMAL, MOOD or TIME.
        role: Its role in the story; all mentions of a lasting role refer to the same entity.
        sentence: Index of the sentence, from 0.

    Example:
        >>> from lmkit.storyworld import StoryWorld
        >>> story = StoryWorld().story(seed=0)
        >>> mention = story.entities[0]
        >>> story.text[mention.start : mention.end], mention.label
        ('Sara', 'PERSON')
    """

    start: int
    end: int
    label: str
    role: str
    sentence: int


class Fact(NamedTuple):
    """Something that is true at the end of the story.

    Attributes:
        subject: An entity.
        relation: "occupation", "visited", "holds", "lies", "located_in", "is", "likes" or "mood".
        object: An entity, or a state such as "lost" or "positive".

    Example:
        >>> from lmkit.storyworld import StoryWorld
        >>> StoryWorld().story(seed=0).facts[0]
        Fact(subject='Sara', relation='occupation', object='pilot')
    """

    subject: str
    relation: str
    object: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about a story in both languages; the answer is a span of the story.

    Attributes:
        kind: "holder", "lies", "found", "job", "brought", "met", "next" or "likes".
        question: The question in English.
        answer: The English text at ``span``.
        span: Start and end of the answer in the English text, in characters.
        steps: The facts needed for the answer, one plain sentence each, then the conclusion.
        question_zh: The question in Chinese.
        answer_zh: The Chinese text at ``span_zh``.
        span_zh: Start and end of the answer in the Chinese text, in characters.
        steps_zh: The steps in Chinese.

    Example:
        >>> from lmkit.storyworld import StoryWorld
        >>> question = StoryWorld().story(seed=0).questions[0]
        >>> question.question, question.answer
        ('What does Sara do for a living?', 'pilot')
    """

    kind: str
    question: str
    answer: str
    span: tuple[int, int]
    steps: tuple[str, ...]
    question_zh: str
    answer_zh: str
    span_zh: tuple[int, int]
    steps_zh: tuple[str, ...]


def find_mentions(sentences: Sequence[tuple[str, Mapping[str, Entity]]], gap: int) -> tuple[Mention, ...]:
    """Find the named entities of a text from the templates that generated it.

    Args:
        sentences: The template of each sentence and the entities that fill its roles.
        gap: Number of characters between two sentences.

    Returns:
        Mentions in text order.
    """
    mentions = []
    position = 0
    for number, (template, bindings) in enumerate(sentences):
        for piece in pieces(template):
            if isinstance(piece, str):
                position += len(piece)
                continue
            entity = bindings[piece.role]
            if entity.label and piece.form in entity.spans:
                start, end = entity.spans[piece.form]
                mentions.append(Mention(position + start, position + end, entity.label, piece.role, number))
            position += len(entity.forms[piece.form])
        position += gap
    return tuple(mentions)
