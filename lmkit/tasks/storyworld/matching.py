"""Tasks of matching: how much two stories have in common, and which story a description is of."""

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
    r"""Say how much of what two stories tell is the same.

    With the facts $F_1$ and $F_2$ that are true when they are over, the label is
    $|F_1 \cap F_2| / |F_1 \cup F_2|$. Of four pairs one is a story told twice in other words, in two the second
    story has taken over some of the people, places and things of the first, and in one it has nothing to do with it.

    Args:
        world: Where the stories come from; ``None`` for the default world.
        parts: How many examples: see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Pairs labelled with numbers from 0 to 1.

    Source:
        Jaccard (1901), for the ratio.

    Example:
        >>> task = similarity_task(num_train=4, num_validation=0, num_test=1)
        >>> all(0 <= pair.label <= 5 for pair in task.train)
        True
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
    """Tell the plot of a story or of another, with some of the story's cast, from little to much, and the other's."""
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
        world: The world of both.
        plot: A story, from which every line is taken.
        cast: What is to fill the roles. Where that cannot be, or a role is not among them, the filler is drawn.
        random: Draws it.

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
    """Find the story that a description is of; :func:`search_collection` makes a part ready to be searched.

    Every second story has the cast of the one before it, so that names alone do not tell the two apart.

    Args:
        world: Where the stories come from; ``None`` for the default world.
        query: Whether a story is described by its summary or told again in other words.
        parts: How many examples: see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Descriptions, and as targets the stories.

    Raises:
        ValueError: If ``query`` is neither.

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
    """Documents, and queries with what should be found for them.

    Args:
        documents: What can be found; no two are equal.
        queries: What is asked; no two are equal.
        relevant: For each query the numbers of the documents that answer it.

    Example:
        >>> collection = SearchCollection(documents=("apple", "red"), queries=("a fruit",), relevant=(frozenset({0}),))
        >>> [collection.documents[number] for number in collection.relevant[0]]
        ['apple']
    """

    documents: tuple[str, ...]
    queries: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]


def search_collection(pairs: Sequence[TextToText]) -> SearchCollection:
    """Put all targets into one collection, in which each source is to find its own.

    Args:
        pairs: Descriptions, and as targets what they describe.

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
