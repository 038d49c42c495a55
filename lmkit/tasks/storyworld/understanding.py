"""Understanding tasks: how a story ends, which entities it names, and how these are related."""

from collections.abc import Iterator
from functools import partial
from itertools import cycle
from typing import Unpack

from lmkit.storyworld import Story, StoryWorld
from lmkit.tasks.examples import LabelledPair, LabelledSpan, LabelledText, TaggedText, Task
from lmkit.tasks.storyworld.drawing import Parts, Source, draw_task

_SENTIMENTS = ("negative", "neutral", "positive")
_ENTITIES = ("ANIMAL", "FOOD", "MOOD", "OCCUPATION", "PERSON", "PLACE", "SPOT", "THING", "TIME")
_RELATIONS = {
    "occupation": ("PERSON", "OCCUPATION"),
    "visited": ("PERSON", "PLACE"),
    "holds": ("PERSON", "THING"),
    "likes": ("PERSON", "FOOD"),
    "lies": ("THING", "SPOT"),
    "located_in": ("THING", "PLACE"),
}
_NO_RELATION = "none"


def sentiment_task(world: StoryWorld | None = None, **parts: Unpack[Parts]) -> Task[LabelledText]:
    """Predict whether a story ends well for its hero.

    Stories whose ending says how the hero feels are excluded, because there one word gives the answer away. In the
    others, it has to be inferred from the events: an apology cancels a quarrel, and the friend's mood is irrelevant.
    The three classes alternate.

    Args:
        world: The world to draw from; ``None`` for the default world.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Stories that are "negative", "neutral" or "positive".

    Example:
        >>> task = sentiment_task(num_train=3, num_validation=0, num_test=0)
        >>> [example.label for example in task.train]
        ['negative', 'neutral', 'positive']
    """

    def examples(source: Source) -> Iterator[LabelledText]:
        for wanted in cycle(_SENTIMENTS):
            story = source.story(partial(_ends, sentiment=wanted))
            yield LabelledText(text=story.text, label=wanted)

    return draw_task("sentiment", examples, world, labels=_SENTIMENTS, **parts)


def _ends(story: Story, sentiment: str) -> bool:
    """Whether a story has a sentiment and its ending does not state it."""
    return story.sentiment == sentiment and all(step.line.kind != "hero_mood" for step in story.steps)


def entity_task(world: StoryWorld | None = None, **parts: Unpack[Parts]) -> Task[TaggedText]:
    """Find the named entities of a story.

    Args:
        world: The world to draw from; ``None`` for the default world.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Stories with their entities: people, their occupations, places, spots, things, food, animals, moods and times.

    Example:
        >>> example = entity_task(num_train=1, num_validation=0, num_test=1).test[0]
        >>> start, end, label = example.spans[1]
        >>> example.text[start:end], label
        ('Rowan', 'PERSON')
    """

    def examples(source: Source) -> Iterator[TaggedText]:
        while True:
            story = source.story()
            spans = tuple(LabelledSpan(each.start, each.end, each.label) for each in story.entities)
            yield TaggedText(text=story.text, spans=spans)

    return draw_task("entities", examples, world, labels=_ENTITIES, **parts)


def relation_task(world: StoryWorld | None = None, **parts: Unpack[Parts]) -> Task[LabelledPair]:
    """Predict the relation between two entities at the end of a story.

    The first text names the two, subject first, as in "Anna, red kite"; the second is the story. Half of the pairs have
    no relation; in the other half, the kinds of relations alternate. A pair without a relation has types that could
    have one, such as a person and a thing that somebody else holds. Only "visited" has no such counterpart, because
    all people of a story visit all its places.

    Args:
        world: The world to draw from; ``None`` for the default world.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Pairs labelled "occupation", "visited", "holds", "likes", "lies", "located_in" or "none".

    Example:
        >>> example = relation_task(num_train=1, num_validation=0, num_test=1).test[0]
        >>> example.first, example.label
        ('Rowan, dancer', 'occupation')
    """

    def examples(source: Source) -> Iterator[LabelledPair]:
        could_be = cycle([relation for relation in _RELATIONS if relation != "visited"])
        for relation in cycle(_RELATIONS):
            yield _related(source, relation, is_true=True)
            yield _related(source, next(could_be), is_true=False)

    return draw_task("relations", examples, world, labels=(*_RELATIONS, _NO_RELATION), **parts)


def _related(source: Source, relation: str, is_true: bool) -> LabelledPair:
    """Draw a pair that has a relation, or a pair of the same types that does not."""
    story = source.story(lambda story: bool(_pairs(story, relation, is_true)))
    pairs = _pairs(story, relation, is_true)
    subject, what = pairs[int(source.random.random() * len(pairs))]
    return LabelledPair(first=f"{subject}, {what}", second=story.text, label=relation if is_true else _NO_RELATION)


def _pairs(story: Story, relation: str, is_true: bool) -> list[tuple[str, str]]:
    facts = {(fact.subject, fact.object) for fact in story.facts if fact.relation == relation}
    subjects, objects = (_names(story, label) for label in _RELATIONS[relation])
    return [(subject, what) for subject in subjects for what in objects if ((subject, what) in facts) == is_true]


def _names(story: Story, label: str) -> list[str]:
    """Full names of the entities of one type, in order of first mention."""
    mentioned = (each for each in story.entities if each.label == label)
    return list(dict.fromkeys(story.steps[each.sentence].bindings[each.role].forms[""] for each in mentioned))
