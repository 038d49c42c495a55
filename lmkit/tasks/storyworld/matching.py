"""Matching tasks: how much two stories have in common, and which story a description belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Literal, Unpack

from lmkit.storyworld import Story, StoryWorld
from lmkit.storyworld.entities import Entity
from lmkit.storyworld.reading import Step
from lmkit.tasks.examples import LabelledPair, Task, TextToText
from lmkit.tasks.storyworld.drawing import Parts, Source, draw_task


def similarity_task(world: StoryWorld | None = None, **parts: Unpack[Parts]) -> Task[LabelledPair]:
    r"""Predict how similar the facts of two stories are.

    With the facts $F_1$ and $F_2$ at the ends of the stories, the label is $|F_1 \cap F_2| / |F_1 \cup F_2|$. Of every
    four pairs, one is a story and its paraphrase, two share some people, places and things, and one is unrelated.

    Args:
        world: The world to draw from; ``None`` for the default world.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Pairs labelled with numbers between 0 and 1.

    Source:
        Jaccard (1901), for the ratio.

    Example:
        >>> task = similarity_task(num_train=4, num_validation=0, num_test=1)
        >>> [round(pair.label, 2) for pair in task.train][0]  # the first pair is a story and its paraphrase
        1.0
    """

    def examples(source: Source) -> Iterator[LabelledPair]:
        for relation in cycle(("the same", "same plot", "other plot", "unrelated")):
            first = source.story()
            match relation:
                case "the same":
                    second = source.world.retell(first, source.random)
                case "unrelated":
                    second = source.story()
                case _:
                    second = _variation(source, first, has_same_plot=relation == "same plot")
            yield LabelledPair(first=first.text, second=second.text, label=_shared_facts(first, second))

    return draw_task("similarity", examples, world, **parts)


def _shared_facts(first: Story, second: Story) -> float:
    ours, theirs = set(first.facts), set(second.facts)
    return len(ours & theirs) / len(ours | theirs)


def _variation(source: Source, story: Story, has_same_plot: bool) -> Story:
    """Tell the plot of this story or of another one, with a random share of this story's cast and the other's rest."""
    while True:
        other = source.story()
        plot = source.world.retell(story, source.random) if has_same_plot else other
        share = source.random.random()
        kept = {role: entity for role, entity in story.cast.items() if source.random.random() < share}
        variation = tell_with(source.world, plot, other.cast | kept, source.random)
        if source.claim(variation):
            return variation


def tell_with(world: StoryWorld, plot: Story, cast: Mapping[str, Entity], random: Random) -> Story:
    """Tell the plot of one story with the people, places and things of another.

    Args:
        world: The world of both stories.
        plot: The story whose lines are used.
        cast: The entities to fill the roles with. If one is missing or impossible, a filler is drawn.
        random: Source of randomness.

    Returns:
        A story of the world.
    """
    steps = []
    bindings: dict[str, Entity] = {}
    for line, _ in plot.steps:
        for role in line.roles:
            if role.name not in bindings:
                filler = cast.get(role.name)
                if filler is None or role.probability(filler, bindings) == 0:
                    filler = role.draw(bindings, random)
                bindings[role.name] = filler
        steps.append(Step(line, dict(bindings)))
        for name in line.forgotten:
            del bindings[name]
    return Story(tuple(steps))


def search_task(
    world: StoryWorld | None = None,
    *,
    query: Literal["summary", "retelling"] = "summary",
    **parts: Unpack[Parts],
) -> Task[TextToText]:
    """Find the story that a description belongs to; :func:`search_collection` turns a part into a collection to search.

    Every second story has the cast of the story before it, so names alone do not distinguish the two.

    Args:
        world: The world to draw from; ``None`` for the default world.
        query: Whether the description is the story's summary or a paraphrase of the story.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Descriptions as sources and stories as targets.

    Raises:
        ValueError: If ``query`` is neither "summary" nor "retelling".

    Example:
        >>> search_task(num_train=2, num_validation=0, num_test=1).test[0].source
        'Felix made the lovely ring dirty. In the end Rowan was sad.'
    """
    if query not in ("summary", "retelling"):
        raise ValueError(f"query={query!r} must be 'summary' or 'retelling'")

    def example(source: Source, story: Story) -> TextToText:
        description = story.summary if query == "summary" else source.world.retell(story, source.random).text
        return TextToText(source=description, target=story.text)

    def examples(source: Source) -> Iterator[TextToText]:
        while True:
            story = source.story()
            yield example(source, story)
            rival = story
            while not source.claim(rival):
                rival = tell_with(source.world, source.story(), story.cast, source.random)
            yield example(source, rival)

    return draw_task("search", examples, world, **parts)


@dataclass(frozen=True, kw_only=True)
class SearchCollection:
    """Documents, and queries with the documents to find for them.

    Args:
        documents: The documents, without duplicates.
        queries: The queries, without duplicates.
        relevant: For each query, the indices of its relevant documents.

    Example:
        >>> collection = SearchCollection(documents=("apple", "red"), queries=("a fruit",), relevant=(frozenset({0}),))
        >>> [collection.documents[number] for number in collection.relevant[0]]
        ['apple']
    """

    documents: tuple[str, ...]
    queries: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]


def search_collection(pairs: Sequence[TextToText]) -> SearchCollection:
    """Collect all targets as documents and all sources as queries for them.

    Args:
        pairs: Descriptions as sources, and what they describe as targets.

    Returns:
        The collection. Several pairs with the same source are one query with several relevant documents.

    Example:
        >>> collection = search_collection([
        ...     TextToText(source="a fruit", target="apple"),
        ...     TextToText(source="a colour", target="red"),
        ...     TextToText(source="a fruit", target="pear"),
        ... ])
        >>> collection.queries, [sorted(numbers) for numbers in collection.relevant]
        (('a fruit', 'a colour'), [[0, 2], [1]])
    """
    numbers: dict[str, int] = {}
    relevant: dict[str, set[int]] = {}
    for pair in pairs:
        number = numbers.setdefault(pair.target, len(numbers))
        relevant.setdefault(pair.source, set()).add(number)
    return SearchCollection(
        documents=tuple(numbers), queries=tuple(relevant), relevant=tuple(map(frozenset, relevant.values()))
    )
