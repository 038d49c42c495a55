"""Drawing the parts of a task, so that nothing told in one is told in another, in whatever words."""

from collections.abc import Callable, Hashable, Iterator
from itertools import islice
from random import Random
from typing import TypedDict, TypeVar

from lmkit.storyworld import Story, StoryWorld, WordProblem
from lmkit.tasks.examples import Example, Task

_MOST_IN_VAIN = 1000

Drawn = TypeVar("Drawn")


class Parts(TypedDict, total=False):
    """How many examples a task has; every task from the story world takes these arguments.

    Args:
        num_train: Examples to learn from, 1000 unless given.
        num_validation: Examples to choose settings by, 200 unless given.
        num_test: Examples to be judged on, 500 unless given.
        seed: Draws other examples, 0 unless given. None of the seeds gives the stories on which the models that ship
            with the package were trained.

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
    """Stories and word problems for one part of a task, none of which was given out before.

    Args:
        world: Where they come from.
        random: Draws them.
        taken: The meanings that were given out so far; those of this part are added.
    """

    def __init__(self, world: StoryWorld, random: Random, taken: set[Hashable]) -> None:
        self.world, self.random = world, random
        self._taken = taken

    def story(self, is_wanted: Callable[[Story], bool] = lambda story: True) -> Story:
        """Draw a new story.

        Args:
            is_wanted: Says which stories will do.

        Returns:
            The first that will do.

        Raises:
            ValueError: If there is none among a thousand.
        """
        return self._draw(self.world.story, lambda story: is_wanted(story) and self.claim(story))

    def problem(self, num_steps: int | None) -> WordProblem:
        """Draw a new word problem.

        Args:
            num_steps: Reasoning steps; as many as the world says if ``None``.

        Returns:
            The problem.

        Raises:
            ValueError: If there is none among a thousand.
        """
        return self._draw(
            lambda random: self.world.problem(random, num_steps), lambda problem: self._claim(problem.text)
        )

    def claim(self, story: Story) -> bool:
        """Take a story for this part.

        Args:
            story: A story.

        Returns:
            Whether it could be had: false if one of the same meaning was given out before.
        """
        return self._claim(meaning(story))

    def _claim(self, identity: Hashable) -> bool:
        is_new = identity not in self._taken
        self._taken.add(identity)
        return is_new

    def _draw(self, draw: Callable[[Random], Drawn], is_wanted: Callable[[Drawn], bool]) -> Drawn:
        for _ in range(_MOST_IN_VAIN):
            drawn = draw(self.random)
            if is_wanted(drawn):
                return drawn
        raise ValueError(f"world is too small: of {_MOST_IN_VAIN} draws none was both new and of the kind wanted")


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

    Each part has its own stream of random numbers, and the test part is drawn first: it stays the same whatever the
    sizes of the other parts, and what it tells is not told again.

    Args:
        name: What the task is called.
        examples: Turns what a source gives into examples without end.
        world: Where the stories come from; ``None`` for the default world.
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
            raise ValueError(f"num_{part}={size} must not be negative")
    world = world or StoryWorld()
    taken: set[Hashable] = set()
    parts = {}
    for part, size in sizes.items():
        source = Source(world, Random(f"{part} part of a task, seed {seed}"), taken)
        parts[part] = tuple(islice(examples(source), size))
    return Task(name=name, labels=labels, **parts)


def meaning(story: Story) -> Hashable:
    """Give what a story tells, which is the same however it is told.

    Args:
        story: A story.

    Returns:
        For each sentence what kind it is of, where it leads, and who and what is known by then.
    """
    return tuple(
        (line.kind, line.cast, line.after, frozenset(bindings.items() - {("he", bindings.get("he"))}))
        for line, bindings in story.steps
    )
