"""Tasks whose answer a GPT writes: answers to questions, solutions to word problems, summaries."""

from typing import Any

from lmkit.data import END_OF_TEXT, Batches
from lmkit.evaluation import few_shot_prompt, rouge_l, write_answers
from lmkit.evaluation.baselines import MajorityClass, lead_sentences
from lmkit.models import SpecialIds
from lmkit.recipes.answer_spans import answers_by_pattern
from lmkit.recipes.learner import Examples, Learner
from lmkit.recipes.task_recipe import TaskRecipe, right_answers
from lmkit.recipes.text_scores import require_writer
from lmkit.storyworld import StoryWorld, StoryWorldConfig
from lmkit.tasks import (
    AnsweredQuestion,
    Instruction,
    Task,
    TextToText,
    encode_instruction,
    generative_question_task,
    instruction_batches,
    summary_task,
    word_problem_task,
)
from lmkit.training import next_token_objective

CONTROL_CHARACTERS = "\x01\x02\x03\x04\x05\x06"
"""ASCII characters that do not occur in text, although a byte-level vocabulary has tokens for them."""

LONGEST_ANSWER = 80
"""Maximum number of tokens in an answer."""


def write(base: Any, tokenizer: Any, task: Task[Any], special_ids: SpecialIds | None = None) -> Learner:
    """Write an answer after a prompt; if the examples have steps, the answer follows the last step."""
    require_writer(base, type(base).__name__)
    if special_ids is None or not special_ids.end_ids:
        end_id = tokenizer.special_id(END_OF_TEXT)
    else:
        end_id = special_ids.end_ids[0]

    def make_batches(examples: Examples, **how: Any) -> Batches:
        rows = [encode_instruction(tokenizer, instruction(each), end_of_text_id=end_id) for each in examples]
        return instruction_batches(rows, context_length=base.config.context_length, pad_id=end_id, **how)

    def answer(examples: Examples) -> list[str]:
        prompts = [few_shot_prompt(instruction(each).prompt) for each in examples]
        longest = max(map(len, tokenizer.encode_batch(prompts)), default=0) + 1
        room = min(LONGEST_ANSWER, base.config.context_length - longest)
        if room < 1:
            raise ValueError(
                f"a prompt has {longest} tokens and leaves no room for an answer: "
                f"the context has {base.config.context_length}"
            )
        texts = write_answers(base, tokenizer, prompts, end_of_text_id=end_id, max_new_tokens=room, batch_size=64)
        return [text.rpartition("; ")[2].strip() for text in texts]

    return Learner(
        model=base,
        objective=next_token_objective,
        make_batches=make_batches,
        answer=answer,
        never_seen=tokenizer.encode(CONTROL_CHARACTERS),
    )


def instruction(example: Instruction | TextToText) -> Instruction:
    """Convert a pair of source and target to a request and its answer."""
    return example if isinstance(example, Instruction) else Instruction(prompt=example.source, answer=example.target)


def question(example: Instruction) -> AnsweredQuestion:
    """Split a request that ends in a question into text and question."""
    text, point, last = example.prompt.rpartition(". ")
    return AnsweredQuestion(question=last, text=text + point, answer=example.answer, span=(0, 0))


def small_problems(**parts: Any) -> Task[Instruction]:
    """Make word problems with numbers so small that a small model learns most sums.

    Example:
        >>> example = small_problems(num_train=1, num_validation=0, num_test=1).test[0]
        >>> int(example.answer) <= 10
        True
    """
    return word_problem_task(StoryWorld(StoryWorldConfig(largest_number=10)), **parts)


ANSWERS = TaskRecipe(
    summary="Answer a question about a story in writing.",
    kind=Instruction,
    make_task=generative_question_task,
    model="storyworld-gpt",
    make_learner=write,
    num_steps=550,
    baseline_name="patterns",
    baseline=lambda task, _: answers_by_pattern(list(map(question, task.train)), list(map(question, task.test))),
    metric="exact match",
    score=right_answers,
)


PROBLEMS = TaskRecipe(
    summary="Solve a word problem, step by step.",
    kind=Instruction,
    make_task=small_problems,
    model="storyworld-gpt",
    make_learner=write,
    num_train=18_000,  # from a thousand it learns the form of answers, but no arithmetic
    num_steps=1100,
    learning_rate=3e-3,
    baseline_name="most frequent answer",
    baseline=lambda task, _: (
        MajorityClass()
        .fit([each.prompt for each in task.train], [each.answer for each in task.train])
        .predict([each.prompt for each in task.test])
    ),
    metric="exact match",
    score=right_answers,
)


SUMMARIES = TaskRecipe(
    summary="Summarise a story in two sentences.",
    kind=TextToText,
    make_task=summary_task,
    model="storyworld-gpt",
    make_learner=write,
    num_steps=450,
    baseline_name="first sentence",
    baseline=lambda task, _: [lead_sentences(each.source) for each in task.test],
    metric="ROUGE-L",
    answer_field="target",
    score=lambda answers, examples: [
        matches.f1 for matches in rouge_l(list(answers), [[each.target] for each in examples])
    ],
)
