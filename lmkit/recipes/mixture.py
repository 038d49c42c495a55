"""The mixture that ``storyworld-base`` learns from: everything that the story world can say, in stated shares."""

from bisect import bisect
from collections.abc import Iterator, Mapping
from itertools import accumulate
from random import Random
from typing import Literal, NamedTuple, TypeVar

from lmkit.evaluation.prompting import few_shot_prompt
from lmkit.storyworld import Story, StoryWorld
from lmkit.tasks import ContextTask, Instruction, PromptTemplate, context_examples
from lmkit.tasks.storyworld.in_context import choose, instruct_problem, instruct_question

Kind = Literal["stories", "summaries", "questions", "problems", "translations", "examples"]
"""The kinds of text in the mixture."""

MIXTURE_SHARES: dict[Kind, float] = {
    "stories": 0.15,
    "summaries": 0.07,
    "questions": 0.14,
    "problems": 0.17,
    "translations": 0.17,
    "examples": 0.30,
}
"""The share of each kind among the documents. Series of examples are long, so they are nearly half of the tokens."""

EXAMPLE_SHARES: dict[ContextTask, float] = {
    "who": 2.0,
    "thing": 2.0,
    "place": 2.0,
    "job": 2.0,
    "food": 1.0,
    "chinese": 2.0,
    "english": 1.0,
    "kind": 2.0,
    "word": 2.0,
    "letters": 12.0,
    "sentiment": 1.0,
    "problems": 3.0,
    "questions": 2.0,
}
"""How often each task is shown by examples. "time" and "new letters" never are, to see what carries over to them."""

MAX_EXAMPLES: dict[ContextTask, int] = {"questions": 4}
"""The largest number of examples in one document, where it is not ``MOST``."""

MOST, MOST_LETTERS = 9, 10
SUMMARY = PromptTemplate(before="", between="\nSummary:")
TO_CHINESE = PromptTemplate(before="English: ", between="\nChinese:")
TO_ENGLISH = PromptTemplate(before="Chinese: ", between="\nEnglish:")

Name = TypeVar("Name", Kind, ContextTask)


class Document(NamedTuple):
    """A text of the mixture.

    Attributes:
        kind: Its kind.
        prompt: The part that says what is to follow; empty for a story.
        answer: The rest.

    Example:
        >>> document = next(mixture(1, seed=3))
        >>> document.kind
        'questions'
    """

    kind: Kind
    prompt: str
    answer: str


def mixture(count: int, seed: int, shares: Mapping[Kind, float] = MIXTURE_SHARES) -> Iterator[Document]:
    """Draw documents of the mixture.

    Args:
        count: Number of documents.
        seed: Of the randomness.
        shares: The share of each kind.

    Yields:
        Documents.
    """
    world, random = StoryWorld(), Random(seed)
    for _ in range(count):
        yield draw_document(_draw(shares, random), world, random)


def draw_document(kind: Kind, world: StoryWorld, random: Random) -> Document:
    """Draw a document of one kind.

    Args:
        kind: The kind.
        world: The world to draw from.
        random: Source of randomness.

    Returns:
        The document.
    """
    match kind:
        case "stories":
            return Document(kind, "", world.story(random).text)
        case "summaries":
            story = world.story(random)
            return Document(kind, SUMMARY.prompt(story.text), f" {story.summary}")
        case "questions":
            return _answered(kind, [instruct_question(world.story(random), random)], random)
        case "problems":
            return _answered(kind, [instruct_problem(world.problem(random, 1 + int(random.random() * 3)))], random)
        case "translations":
            return _translation(world.story(random), random)
        case "examples":
            task = _draw(EXAMPLE_SHARES, random)
            most = MOST_LETTERS if task == "letters" else MAX_EXAMPLES.get(task, MOST)
            count = most if task == "letters" else 2 + int(random.random() * (most - 1))
            return _answered(kind, context_examples(task, count, random, world=world), random)


def _answered(kind: Kind, instructions: list[Instruction], random: Random) -> Document:
    """Examples and a last request with its answer; all of them with their steps, or none."""
    *shown, last = instructions
    with_steps = random.random() < 0.5
    prompt = few_shot_prompt(last.prompt, shown, with_steps=with_steps)
    return Document(kind, prompt, PromptTemplate().answer(last, with_steps=with_steps))


def _translation(story: Story, random: Random) -> Document:
    """One to three consecutive sentences in both languages, either one first."""
    count = 1 + int(random.random() * 3)
    start = int(random.random() * (len(story.sentences) - count + 1))
    english = " ".join(story.sentences[start : start + count])
    chinese = "".join(story.sentences_zh[start : start + count])
    template, source, target = choose([(TO_CHINESE, english, chinese), (TO_ENGLISH, chinese, english)], random)
    return Document("translations", template.prompt(source), f" {target}")


def _draw(shares: Mapping[Name, float], random: Random) -> Name:
    names, limits = list(shares), list(accumulate(shares.values()))
    return names[bisect(limits, random.random() * limits[-1])]
