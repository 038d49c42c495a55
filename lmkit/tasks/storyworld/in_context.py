"""Tasks that only examples explain: the same kind of request, and what is wanted differs from task to task."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Literal, TypeVar, get_args

from lmkit.storyworld import Story, StoryWorld, WordProblem
from lmkit.storyworld.entities import Entity
from lmkit.tasks.examples import Instruction

ContextTask = Literal[
    "who",
    "thing",
    "place",
    "job",
    "food",
    "time",
    "chinese",
    "english",
    "kind",
    "word",
    "letters",
    "new letters",
    "sentiment",
    "problems",
    "questions",
]
"""The tasks of :func:`context_examples`."""

MAX_WORDS = 10
"""The largest number of examples in which each word of "letters" occurs once, in a world of the default size."""

_LABELS = {"who": "PERSON", "thing": "THING", "place": "PLACE", "job": "OCCUPATION", "food": "FOOD", "time": "TIME"}
_KINDS = {"person": "hero", "job": "passer", "place": "place", "thing": "thing", "food": "food"}
_NEW_KINDS = {"animal": "animal", "drink": "drink"}

Option = TypeVar("Option")


def context_examples(
    task: ContextTask, count: int, seed: int | Random, *, world: StoryWorld | None = None
) -> list[Instruction]:
    """Draw examples of one task, to be shown one after another; each is about another story, word or problem.

    A request is a bare sentence, word or summary, which fits several tasks: only the answers of other examples say what
    is wanted.

    - who, thing, place, job, food, time: given a sentence, the first mention of that kind in it.
    - chinese, english: given a sentence in the other language, its translation.
    - kind, word: given a word, "person", "job", "place", "thing" or "food"; its translation into Chinese.
    - letters, new letters: given a word, the letter that stands for its kind in these examples.
    - sentiment: given a summary, "negative", "neutral" or "positive".
    - problems: given a word problem in one or two steps, the number, with its steps.
    - questions: given a story with a question, the answer, with its steps.

    For "letters", two of the kinds and two letters are drawn anew each time, so that nothing but the examples says
    which letter means what; "new letters" has animals and drinks, which "letters" never has.

    Args:
        task: Which task.
        count: Number of examples.
        seed: A seed, or a source of randomness, which advances.
        world: The world to draw from; ``None`` for the default world.

    Returns:
        The examples.

    Raises:
        ValueError: If the task is unknown, or the count is negative, or more than ``MAX_WORDS`` for letters.

    Example:
        >>> for example in context_examples("who", 2, seed=0):
        ...     print(example.prompt, "->", example.answer)
        Karl, a driver, came over to say hello. -> Karl
        Sasha was miserable for the rest of the day. -> Sasha
    """
    if task not in get_args(ContextTask):
        raise ValueError(f"task={task!r} must be one of {', '.join(get_args(ContextTask))}")
    if count < 0:
        raise ValueError(f"count={count} must be at least 0")
    world = world or StoryWorld()
    random = seed if isinstance(seed, Random) else Random(seed)
    match task:
        case "letters" | "new letters":
            return _letters(world, _KINDS if task == "letters" else _NEW_KINDS, count, random)
        case "kind" | "word":
            return [_word(world, task, random) for _ in range(count)]
        case "problems":
            return [instruct_problem(world.problem(random, 1 + int(random.random() * 2))) for _ in range(count)]
        case "questions":
            return [instruct_question(world.story(random), random) for _ in range(count)]
        case "sentiment":
            return [Instruction(prompt=s.summary, answer=s.sentiment) for s in world.stories(count, random)]
        case "chinese" | "english":
            pairs = [choose(story.sentence_pairs, random) for story in world.stories(count, random)]
            order = 1 if task == "chinese" else -1
            return [Instruction(prompt=prompt, answer=answer) for prompt, answer in (pair[::order] for pair in pairs)]
    return [_mention(world, _LABELS[task], random) for _ in range(count)]


def instruct_question(story: Story, random: Random) -> Instruction:
    """Ask one question about a story; all kinds of questions that it answers are equally likely.

    Args:
        story: A story.
        random: Source of randomness.

    Returns:
        The story with the question, the answer and the steps.
    """
    kind = choose(list(dict.fromkeys(asked.kind for asked in story.questions)), random)
    asked = choose([asked for asked in story.questions if asked.kind == kind], random)
    return Instruction(prompt=f"{story.text} {asked.question}", answer=asked.answer, steps=asked.steps)


def instruct_problem(problem: WordProblem) -> Instruction:
    """Turn a word problem into a request with an answer.

    Args:
        problem: A word problem.

    Returns:
        The request, the number and the steps.
    """
    prompt = f"{problem.text} {problem.question}"
    return Instruction(prompt=prompt, answer=str(problem.answer), steps=problem.steps)


def choose(options: Sequence[Option], random: Random) -> Option:
    """Choose one of some options; all are equally likely.

    Args:
        options: At least one.
        random: Source of randomness; only ``random.random()`` is called.

    Returns:
        One of them.
    """
    return options[int(random.random() * len(options))]


def _mention(world: StoryWorld, label: str, random: Random) -> Instruction:
    """A sentence that mentions things of at least two kinds, and the first mention of one kind."""
    while True:
        story = world.story(random)
        mentions = [[m for m in story.entities if m.sentence == number] for number in range(len(story.sentences))]
        fitting = [number for number, found in enumerate(mentions) if {label} < {mention.label for mention in found}]
        if fitting:
            number = choose(fitting, random)
            first = next(mention for mention in mentions[number] if mention.label == label)
            return Instruction(prompt=story.sentences[number], answer=story.text[first.start : first.end])


def _word(world: StoryWorld, task: str, random: Random) -> Instruction:
    kind = choose(list(_KINDS), random)
    entity = choose(_fillers(world, _KINDS[kind]), random)
    return Instruction(prompt=entity.forms[""], answer=kind if task == "kind" else entity.forms["名"])


def _letters(world: StoryWorld, kinds: dict[str, str], count: int, random: Random) -> list[Instruction]:
    if count > MAX_WORDS:
        raise ValueError(f"count={count} must be at most {MAX_WORDS}, so that no word occurs twice")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    words = [
        (_draws(_fillers(world, kinds[kind]), random), letter)
        for kind, letter in zip(_two(list(kinds), random), _two(alphabet, random), strict=True)
    ]
    chosen = [choose(words, random) for _ in range(count)]
    return [Instruction(prompt=next(entities).forms[""], answer=letter) for entities, letter in chosen]


def _fillers(world: StoryWorld, role: str) -> list[Entity]:
    return [entity for entity, _ in world.roles[role].anything()]


def _draws(entities: list[Entity], random: Random) -> Iterator[Entity]:
    """Draw without repetition."""
    while entities:
        yield entities.pop(int(random.random() * len(entities)))


def _two(options: Sequence[str], random: Random) -> tuple[str, str]:
    first, second = choose(options, random), choose(options, random)
    return (first, second) if first != second else _two(options, random)
