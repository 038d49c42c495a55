"""Word problems in several steps, with worked solutions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from lmkit.storyworld.entities import Entity
from lmkit.storyworld.roles import Role

# Things to count: English plural, Chinese measure word and noun.
_COUNTED = (
    ("apples", "个", "苹果"),
    ("shells", "枚", "贝壳"),
    ("pencils", "支", "铅笔"),
    ("stamps", "张", "邮票"),
    ("books", "本", "书"),
    ("cookies", "块", "饼干"),
    ("flowers", "朵", "花"),
    ("marbles", "颗", "玻璃球"),
)

Option = TypeVar("Option")


@dataclass(frozen=True, kw_only=True)
class WordProblem:
    """A word problem with its solution.

    Attributes:
        text: The story of the problem.
        question: The question.
        steps: One line of working per step, such as ``"Anna: 7 - 3 = 4"``.
        answer: The number asked for.
        text_zh: The story in Chinese.
        question_zh: The question in Chinese.

    Example:
        >>> from lmkit.storyworld import StoryWorld
        >>> problem = StoryWorld().problem(seed=0)
        >>> problem.text
        'Sara has 16 pencils. Simon has 7 pencils. Simon loses 5 pencils.'
        >>> problem.question
        'How many fewer pencils than Sara does Simon have now?'
        >>> problem.steps, problem.answer
        (('Simon: 7 - 5 = 2', 'Sara and Simon: 16 - 2 = 14'), 14)
    """

    text: str
    question: str
    steps: tuple[str, ...]
    answer: int
    text_zh: str
    question_zh: str


# Changes of a count: sign, English, Chinese.
_CHANGES = (
    ("-", "{hero} gives {number} {noun} to {third}.", "{hero:名}给了{third:名}{quantity}。"),
    ("-", "{third} takes {number} {noun} from {hero}.", "{third:名}从{hero:名}那里拿走了{quantity}。"),
    ("-", "{hero} loses {number} {noun}.", "{hero:名}丢了{quantity}。"),
    ("+", "{third} gives {number} {noun} to {hero}.", "{third:名}给了{hero:名}{quantity}。"),
    ("+", "{hero} takes {number} {noun} from {third}.", "{hero:名}从{third:名}那里拿来了{quantity}。"),
    ("+", "{hero} finds {number} more {noun}.", "{hero:名}又找到了{quantity}。"),
)
_COMPARISONS = (
    ("-", "{hero} has {number} fewer {noun} than {friend}.", "{hero:名}比{friend:名}少{quantity}。"),
    ("+", "{hero} has {number} more {noun} than {friend}.", "{hero:名}比{friend:名}多{quantity}。"),
)


def make_problem(roles: Mapping[str, Role], num_steps: int, random: Random, *, largest_number: int) -> WordProblem:
    """Make a word problem.

    It asks how many things a person has in the end. Each step adds to that number or subtracts from it. The first step
    may instead compare the person with another, and the last may ask for the difference between the two.

    Args:
        roles: The world's roles; the names come from "hero" and "friend".
        num_steps: Number of reasoning steps.
        random: Source of randomness; only ``random.random()`` is called.
        largest_number: The largest number to start from or to add. A subtraction may take away everything.

    Returns:
        The problem.

    Raises:
        ValueError: If ``num_steps`` is less than 1.
    """
    if num_steps < 1:
        raise ValueError(f"steps={num_steps} must be at least 1")
    names = _three_people(roles, random)
    noun, measure, noun_zh = _choose(_COUNTED, random)
    sentences: list[tuple[str, str]] = []

    def say(english: str, chinese: str, number: int) -> None:
        words = {**names, "number": number, "noun": noun, "quantity": f"{number}{measure}{noun_zh}"}
        sentences.append((english.format_map(words), chinese.format_map(words)))

    def ask(english: str, chinese: str) -> tuple[str, str]:
        words = {**names, "noun": noun, "kind": measure + noun_zh}
        return english.format_map(words), chinese.format_map(words)

    compare_first = random.random() < 0.5
    compare_last = num_steps > compare_first and random.random() < 0.5
    friend_count = count = _number(2, largest_number, random)
    if compare_first or compare_last:
        say("{friend} has {number} {noun}.", "{friend:名}有{quantity}。", friend_count)
    if not compare_first:
        count = _number(2, largest_number, random)
        say("{hero} has {number} {noun}.", "{hero:名}有{quantity}。", count)
    steps = []
    for step in range(num_steps - compare_last):
        possible = [
            change
            for change in (_COMPARISONS if compare_first and step == 0 else _CHANGES)
            if change[0] == "+" or count >= 2
        ]
        sign, english, chinese = _choose(possible, random)
        number = _number(2, count if sign == "-" else largest_number, random)
        say(english, chinese, number)
        result = count - number if sign == "-" else count + number
        steps.append(f"{names['hero']}: {count} {sign} {number} = {result}")
        count = result
    if not compare_last:
        question, question_zh = ask("How many {noun} does {hero} have now?", "{hero:名}现在有多少{kind}？")
        answer = count
    elif count >= friend_count:
        question, question_zh = ask(
            "How many more {noun} than {friend} does {hero} have now?", "{hero:名}现在比{friend:名}多多少{kind}？"
        )
        answer = count - friend_count
        steps.append(f"{names['hero']} and {names['friend']}: {count} - {friend_count} = {answer}")
    else:
        question, question_zh = ask(
            "How many fewer {noun} than {friend} does {hero} have now?", "{hero:名}现在比{friend:名}少多少{kind}？"
        )
        answer = friend_count - count
        steps.append(f"{names['friend']} and {names['hero']}: {friend_count} - {count} = {answer}")
    return WordProblem(
        text=" ".join(english for english, _ in sentences),
        question=question,
        steps=tuple(steps),
        answer=answer,
        text_zh="".join(chinese for _, chinese in sentences),
        question_zh=question_zh,
    )


def _three_people(roles: Mapping[str, Role], random: Random) -> dict[str, Entity]:
    hero = roles["hero"].draw({}, random)
    friend = roles["friend"].draw({"hero": hero}, random)
    third = hero
    while third in (hero, friend):
        third = roles["hero"].draw({}, random)
    return {"hero": hero, "friend": friend, "third": third}


def _choose(options: Sequence[Option], random: Random) -> Option:
    return options[int(random.random() * len(options))]


def _number(low: int, high: int, random: Random) -> int:
    return low + int(random.random() * (high - low + 1))
