"""Question answering tasks: with a span of the text, in writing, and by calculation."""

from collections.abc import Iterator
from typing import Unpack

from lmkit.storyworld import Question, Story, StoryWorld
from lmkit.tasks.examples import AnsweredQuestion, Instruction, Task
from lmkit.tasks.storyworld.drawing import Parts, Source, draw_task


def extractive_question_task(world: StoryWorld | None = None, **parts: Unpack[Parts]) -> Task[AnsweredQuestion]:
    """Find the span of a story that answers a question.

    One question is asked about each story: who has a thing in the end, where it lies or was found, what somebody
    does, likes or brought, where they met or went. All kinds of questions that a story answers are equally likely.

    Args:
        world: The world to draw from; ``None`` for the default world.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Questions with their answers.

    Example:
        >>> example = extractive_question_task(num_train=1, num_validation=0, num_test=1).test[0]
        >>> example.question, example.text[slice(*example.span)]
        ('What does Rowan do for a living?', 'dancer')
    """

    def examples(source: Source) -> Iterator[AnsweredQuestion]:
        for story, asked in _questions(source):
            yield AnsweredQuestion(question=asked.question, text=story.text, answer=asked.answer, span=asked.span)

    return draw_task("extractive questions", examples, world, **parts)


def generative_question_task(world: StoryWorld | None = None, **parts: Unpack[Parts]) -> Task[Instruction]:
    """Answer a question about a story in writing, with the facts needed for the answer as steps.

    Stories, questions and answers are the same as in :func:`extractive_question_task`.

    Args:
        world: The world to draw from; ``None`` for the default world.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Stories, each followed by a question, with answers and steps.

    Example:
        >>> example = generative_question_task(num_train=1, num_validation=0, num_test=1).test[0]
        >>> example.prompt[-32:], example.answer
        ('What does Rowan do for a living?', 'dancer')
    """

    def examples(source: Source) -> Iterator[Instruction]:
        for story, asked in _questions(source):
            yield Instruction(prompt=f"{story.text} {asked.question}", answer=asked.answer, steps=asked.steps)

    return draw_task("generative questions", examples, world, **parts)


def _questions(source: Source) -> Iterator[tuple[Story, Question]]:
    while True:
        story = source.story()
        kinds = list(dict.fromkeys(asked.kind for asked in story.questions))
        kind = kinds[int(source.random.random() * len(kinds))]
        fitting = [asked for asked in story.questions if asked.kind == kind]
        yield story, fitting[int(source.random.random() * len(fitting))]


def word_problem_task(
    world: StoryWorld | None = None, *, num_steps: int | None = None, **parts: Unpack[Parts]
) -> Task[Instruction]:
    """Solve a word problem, with a line of working per step.

    No problem occurs twice, but the same numbers may occur with other people, because there are few small numbers.

    Args:
        world: The world to draw from; ``None`` for the default world.
        num_steps: Number of reasoning steps; ``None`` for the world's ``problem_steps``.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Problems with their answers, which are whole numbers.

    Example:
        >>> task = word_problem_task(num_steps=1, num_train=1, num_validation=0, num_test=0)
        >>> task.train[0].prompt
        'Morgan has 17 pencils. Anna has 2 more pencils than Morgan. How many pencils does Anna have now?'
        >>> task.train[0].steps, task.train[0].answer
        (('Anna: 17 + 2 = 19',), '19')
    """

    def examples(source: Source) -> Iterator[Instruction]:
        while True:
            problem = source.problem(num_steps)
            prompt = f"{problem.text} {problem.question}"
            yield Instruction(prompt=prompt, answer=str(problem.answer), steps=problem.steps)

    return draw_task("word problems", examples, world, **parts)
