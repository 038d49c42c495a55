from collections.abc import Callable, Iterator

import pytest

from lmkit.storyworld import StoryWorld, StoryWorldConfig
from lmkit.storyworld.plot import Situation

SMALLEST = {
    "num_people": 3,
    "num_occupations": 2,
    "num_things": 3,
    "num_adjectives": 1,
    "num_places": 2,
    "num_details": 1,
    "num_paraphrases": 1,
    "events": (1, 1),
    "distance": (0, 0),
}


def enumerate_stories(world: StoryWorld) -> Iterator[tuple[str, float]]:
    """Every story of a world with its probability, by trying out every choice."""

    def sentences(situation, known, line, unfilled, text, probability):
        if unfilled:
            role, *rest = unfilled
            if role.name in known:
                yield from sentences(situation, known, line, rest, text, probability)
            else:
                for entity, chance in role.options(known):
                    if chance > 0:
                        filled = known | {role.name: entity}
                        yield from sentences(situation, filled, line, rest, text, probability * chance)
            return
        lasting = {name: entity for name, entity in known.items() if name not in line.forgotten}
        yield from stories(line.after, lasting, [*text, line.english.format_map(known)], probability)

    def stories(situation, known, text, probability):
        lines = world.scene(situation).lines
        if not lines:
            yield " ".join(text), probability
        for line in lines:
            yield from sentences(situation, known, line, list(line.roles), text, probability * line.probability)

    yield from stories(Situation(), {}, [], 1.0)


@pytest.fixture(scope="session")
def smallest() -> dict:
    """The knobs of a world small enough to try out every choice."""
    return SMALLEST


@pytest.fixture(scope="session")
def every_story() -> Callable[[StoryWorld], Iterator[tuple[str, float]]]:
    return enumerate_stories


@pytest.fixture(scope="session")
def tiny_world() -> StoryWorld:
    return StoryWorld(StoryWorldConfig(**SMALLEST, pronoun_correlation=1.0))


@pytest.fixture(scope="session")
def tiny_stories(tiny_world) -> list[tuple[str, float]]:
    return list(enumerate_stories(tiny_world))
