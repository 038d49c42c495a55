import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.storyworld import StoryWorld, StoryWorldConfig


@pytest.fixture(scope="module")
def small_world():
    return StoryWorld(StoryWorldConfig(num_people=12, problem_steps=3))


def solve(problem):
    """The answer by bookkeeping over the sentences, with an account for everybody in them."""
    count = {}
    for sentence in problem.text.split(". "):
        number = int(re.search(r"\d+", sentence)[0])
        names = re.findall(r"[A-Z]\w+", sentence)
        who = names[0]
        if "more" in sentence and "than" in sentence:
            count[who] = count[names[1]] + number
        elif "fewer" in sentence:
            count[who] = count[names[1]] - number
        elif "gives" in sentence:
            count[who] = count.get(who, 0) - number
            count[names[1]] = count.get(names[1], 0) + number
        elif "takes" in sentence:
            count[who] = count.get(who, 0) + number
            count[names[1]] = count.get(names[1], 0) - number
        elif "loses" in sentence:
            count[who] -= number
        elif "finds" in sentence:
            count[who] += number
        else:
            count[who] = number
    asked = re.findall(r"[A-Z]\w+", problem.question)[1:]
    if len(asked) == 1:
        return count[asked[0]]
    than, who = asked
    return count[who] - count[than] if "more" in problem.question else count[than] - count[who]


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 12))
def test_answers_are_right(small_world, seed, steps):
    problem = small_world.problem(seed, steps)
    assert problem.answer == solve(problem) >= 0
    assert len(problem.steps) == steps


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 6))
def test_each_step_is_true_arithmetic_on_the_result_before(small_world, seed, steps):
    problem = small_world.problem(seed, steps)
    results = []
    for step in problem.steps:
        left, sign, right, result = re.fullmatch(r".*: (\d+) ([+-]) (\d+) = (\d+)", step).groups()
        assert int(result) == int(left) + (int(right) if sign == "+" else -int(right))
        assert not results or str(results[-1]) in (left, right)
        results.append(int(result))
    assert results[-1] == problem.answer


@given(seed=st.integers(0, 2**32))
def test_both_languages_say_the_same_numbers(small_world, seed):
    problem = small_world.problem(seed)
    assert re.findall(r"\d+", problem.text) == re.findall(r"\d+", problem.text_zh)
    assert len(problem.text.split(". ")) == problem.text_zh.count("。")
    assert not re.search(r"[A-Za-z]", problem.text_zh + problem.question_zh)
    assert len(problem.steps) == 3


CHINESE = {
    "apples": "个苹果",
    "shells": "枚贝壳",
    "pencils": "支铅笔",
    "stamps": "张邮票",
    "books": "本书",
    "cookies": "块饼干",
    "flowers": "朵花",
    "marbles": "颗玻璃球",
}


def test_what_is_counted_has_its_measure_word(small_world):
    seen = set()
    for problem in small_world.problems(200, seed=3):
        noun = re.search(r"\d+ (?:more |fewer )?(\w+)", problem.text)[1]
        seen.add(noun)
        assert f"多少{CHINESE[noun]}？" in problem.question_zh
        assert all(part.startswith(CHINESE[noun]) for part in re.split(r"\d+", problem.text_zh)[1:])
    assert seen == set(CHINESE)


def test_problems_give_take_and_compare(small_world):
    text = " ".join(problem.text + problem.question for problem in small_world.problems(200, seed=0))
    for word in ("gives", "takes", "loses", "finds", "more", "fewer", "How many"):
        assert word in text


def test_numbers_stay_below_the_largest():
    world = StoryWorld(StoryWorldConfig(largest_number=5))
    for problem in world.problems(200, seed=0, steps=3):
        numbers = [int(number) for number in re.findall(r"\d+", problem.text)]
        taken = [int(step.split()[-3]) for step in problem.steps if " - " in step]
        assert numbers[0] <= 5
        assert all(number <= 5 or number in taken for number in numbers)
        assert problem.answer <= 4 * 5


def test_numbers_and_kinds_of_problems_come_as_often_as_they_should():
    problems = list(StoryWorld(StoryWorldConfig(largest_number=5)).problems(600, seed=1, steps=1))
    first = [int(re.search(r"\d+", problem.text)[0]) for problem in problems]
    assert set(first) == {2, 3, 4, 5}
    assert all(100 < first.count(number) < 200 for number in set(first))
    assert min(int(number) for problem in problems for number in re.findall(r"\d+", problem.text)) == 2
    compared = sum(" than " in problem.text for problem in problems)
    asked = sum(" than " in problem.question for problem in problems)
    assert 250 < compared < 350  # one half; with one step, of the others one half asks for the difference
    assert 110 < asked < 190


def test_three_people_are_three(small_world):
    for problem in small_world.problems(300, seed=2):
        for sentence in problem.text.split(". "):
            names = re.findall(r"[A-Z]\w+", sentence)
            assert len(names) == len(set(names)), sentence


def test_the_same_seed_gives_the_same_problems(small_world):
    assert list(small_world.problems(5, seed=1)) == list(small_world.problems(5, seed=1))
    assert small_world.problem(1) != small_world.problem(2)


def test_no_steps_are_refused(small_world):
    with pytest.raises(ValueError, match="steps=0 must be at least 1"):
        small_world.problem(0, steps=0)
