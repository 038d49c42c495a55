"""Drawing the parts of a task, so that no two parts contain the same story, even in different words."""

from collections.abc import Callable, Hashable, Iterator
from itertools import islice
from random import Random
from typing import TypedDict, TypeVar

from lmkit.storyworld import Story, StoryWorld, WordProblem
from lmkit.tasks.examples import Example, Task

_MAX_DRAWS = 1000

Drawn = TypeVar("Drawn")


class Parts(TypedDict, total=False):
    """Sizes and seed of a task; every task from the story world takes these arguments.

    Args:
        num_train: Number of training examples, by default 1000.
        num_validation: Number of validation examples, by default 200.
        num_test: Number of test examples, by default 500.
        seed: Seed of the examples, by default 0. No seed reproduces the training stories of the shipped models.

    Example:
        >>> from lmkit.tasks import summary_task
        >>> summary_task(**Parts(num_train=3, num_validation=0, num_test=1))
        Task('summaries', train=3, validation=0, test=1, labels=())
    """

    num_train: int
    num_validation: int
    num_test: int
    seed: int


class Source:
    """A source of stories and word problems for one part of a task; none of them is used twice.

    Args:
        world: The world to draw from.
        random: Source of randomness.
        taken: The meanings used so far; those of this part are added.
    """

    def __init__(self, world: StoryWorld, random: Random, taken: set[Hashable]) -> None:
        self.world, self.random = world, random
        self._taken = taken

    def story(self, is_wanted: Callable[[Story], bool] = lambda story: True) -> Story:
        """Draw a new story.

        Args:
            is_wanted: Decides which stories are suitable.

        Returns:
            The first suitable story that was not used before.

        Raises:
            ValueError: If a thousand draws give none.
        """
        return self._draw(self.world.story, lambda story: is_wanted(story) and self.claim(story))

    def problem(self, num_steps: int | None) -> WordProblem:
        """Draw a new word problem.

        Args:
            num_steps: Number of reasoning steps; ``None`` for the world's ``problem_steps``.

        Returns:
            The problem.

        Raises:
            ValueError: If a thousand draws give none.
        """
        return self._draw(
            lambda random: self.world.problem(random, num_steps), lambda problem: self._claim(problem.text)
        )

    def claim(self, story: Story) -> bool:
        """Reserve a story for this part.

        Args:
            story: A story.

        Returns:
            ``False`` if a story with the same meaning was used before.
        """
        return self._claim(meaning(story))

    def _claim(self, identity: Hashable) -> bool:
        is_new = identity not in self._taken
        self._taken.add(identity)
        return is_new

    def _draw(self, draw: Callable[[Random], Drawn], is_wanted: Callable[[Drawn], bool]) -> Drawn:
        for _ in range(_MAX_DRAWS):
            drawn = draw(self.random)
            if is_wanted(drawn):
                return drawn
        raise ValueError(f"world is too small: none of {_MAX_DRAWS} draws was both new and suitable")


def draw_task(
    name: str,
    examples: Callable[[Source], Iterator[Example]],
    world: StoryWorld | None,
    *,
    labels: tuple[str, ...] = (),
    num_train: int = 1000,
    num_validation: int = 200,
    num_test: int = 500,
    seed: int = 0,
) -> Task[Example]:
    """Draw the three parts of a task.

    Each part has its own stream of random numbers, and the test part is drawn first. So the test part does not depend
    on the sizes of the other parts, and no other part contains its stories.

    Args:
        name: The name of the task.
        examples: Makes an endless stream of examples from a source.
        world: The world to draw from; ``None`` for the default world.
        labels: The task's classes.
        num_train: See :class:`Parts`.
        num_validation: See :class:`Parts`.
        num_test: See :class:`Parts`.
        seed: See :class:`Parts`.

    Returns:
        The task.

    Raises:
        ValueError: If a number is negative, or the world has too few stories.
    """
    sizes = {"test": num_test, "validation": num_validation, "train": num_train}
    for part, size in sizes.items():
        if size < 0:
            raise ValueError(f"num_{part}={size} must be at least 0")
    world = world or StoryWorld()
    taken: set[Hashable] = set()
    parts = {}
    for part, size in sizes.items():
        source = Source(world, Random(f"{part} part of a task, seed {seed}"), taken)
        parts[part] = tuple(islice(examples(source), size))
    return Task(name=name, labels=labels, **parts)


def meaning(story: Story) -> Hashable:
    """The meaning of a story, which is the same for all its paraphrases.

    Args:
        story: A story.

    Returns:
        For each sentence, its kind, its cast, the situation after it, and the entities mentioned so far.
    """
    return tuple(
        (line.kind, line.cast, line.after, frozenset(bindings.items() - {("he", bindings.get("he"))}))
        for line, bindings in story.steps
    )
