"""How good ``storyworld-base`` is: loss by kind of text, and answers after examples."""

import math
from collections.abc import Sequence
from random import Random

import torch
from torch import nn

from lmkit.data import END_OF_TEXT
from lmkit.evaluation import document_log_probs, few_shot_prompt, first_line, write_answers
from lmkit.functional import target_log_probs
from lmkit.models import GPT
from lmkit.recipes.mixture import MIXTURE_SHARES, Document, draw_document
from lmkit.recipes.model_recipe import HELD_OUT_SEED, Scores
from lmkit.storyworld import StoryWorld, words
from lmkit.tasks import ContextTask, Instruction, PromptTemplate, answer_batch, context_examples, mark_answer
from lmkit.tokenizers import Tokenizer

SHOWN: dict[ContextTask, int] = {"who": 4, "place": 4, "chinese": 4, "letters": 4, "problems": 4, "questions": 2}
"""The number of examples that ``evaluation.json`` compares with none; the experiment ``few_shot`` has more of both."""

NUM_PROMPTS = 200
"""The largest number of prompts per accuracy in ``evaluation.json``."""


def measure_base(model: GPT, tokenizer: Tokenizer, num_stories: int) -> Scores:
    """Measure the loss by kind of text beside what is known of its entropy, and the accuracy of answers."""
    world = StoryWorld()
    texts = list(world.texts(num_stories, seed=HELD_OUT_SEED))
    num_words = sum(len(words(text)) for text in texts)
    end_id = tokenizer.special_tokens[END_OF_TEXT]
    loss = -document_log_probs(model, tokenizer.encode_batch(texts), end_of_text_id=end_id).sum().item()
    truth = -math.fsum(world.log_prob(text) for text in texts)
    scores: Scores = {
        "held-out stories": num_stories,
        "stories: loss, nats per word": round(loss / num_words, 4),
        "stories: exact entropy, nats per word": round(world.entropy().nats_per_word, 4),
        "stories: surprise of the truth at the same stories, nats per word": round(truth / num_words, 4),
    }
    for kind in MIXTURE_SHARES:
        if kind != "stories":
            random = Random(f"{kind}, seed {HELD_OUT_SEED}")
            documents = [draw_document(kind, world, random) for _ in range(num_stories)]
            nats, num_tokens = answer_nats(model, tokenizer, documents)
            scores[f"{kind}: loss of what follows the prompt, nats per token"] = round(nats / num_tokens, 4)
    num_prompts = min(num_stories, NUM_PROMPTS)
    for task, num_shown in SHOWN.items():
        for shown in (0, num_shown):
            hits = context_hits(model, tokenizer, task, shown, num_prompts)
            scores[f"{task}: right after {shown} examples"] = round(sum(hits) / num_prompts, 4)
    return scores


@torch.inference_mode()
def answer_nats(model: nn.Module, tokenizer: Tokenizer, documents: Sequence[Document]) -> tuple[float, int]:
    """Measure the loss of what follows the prompts of documents.

    Args:
        model: In evaluation mode.
        tokenizer: Of the model.
        documents: Documents.

    Returns:
        The sum over all tokens after the prompts, the ends of the texts included, in nats; and how many these are.
    """
    end_id = tokenizer.special_tokens[END_OF_TEXT]
    prompts, answers = (tokenizer.encode_batch([each[part] for each in documents]) for part in (1, 2))
    pairs = zip(prompts, answers, strict=True)
    rows = [mark_answer([end_id, *prompt], [*answer, end_id]) for prompt, answer in pairs]
    rows.sort(key=lambda row: len(row.token_ids))
    nats = 0.0
    for first in range(0, len(rows), 32):
        batch = answer_batch(rows[first : first + 32], pad_id=end_id)
        nats -= target_log_probs(model(batch.inputs), batch.targets).double().sum().item()
    return nats, sum(sum(row.is_answer) for row in rows)


def context_hits(
    model: GPT,
    tokenizer: Tokenizer,
    task: ContextTask,
    num_shown: int,
    num_prompts: int,
    *,
    shown_task: ContextTask | None = None,
    shuffled: bool = False,
    with_steps: bool = False,
) -> list[bool]:
    """Let a model answer requests after some examples, and compare its answers with the truth.

    The answer is the first line that the model writes, or what follows the last of its steps.

    Args:
        model: In evaluation mode.
        tokenizer: Of the model.
        task: The task of the last request.
        num_shown: Number of examples before it.
        num_prompts: Number of prompts, each with examples of its own; they do not depend on the arguments below.
        shown_task: The task of the examples; ``None`` for the same.
        shuffled: Whether each example has the answer of another one: that of the one before.
        with_steps: Whether the examples show their steps.

    Returns:
        Whether each answer is right.
    """
    world = StoryWorld()
    random = Random(f"{task} after {num_shown}, seed {HELD_OUT_SEED}")
    template = PromptTemplate()
    prompts, answers = list[str](), list[str]()
    for number in range(num_prompts):
        *shown, last = context_examples(task, num_shown + 1, random, world=world)
        if shown_task is not None:
            shown = context_examples(shown_task, num_shown, Random(f"{shown_task}, prompt {number}"), world=world)
        if shuffled:
            answers_before = [each.answer for each in (*shown[-1:], *shown[:-1])]
            shown = [
                Instruction(prompt=each.prompt, answer=answer)
                for each, answer in zip(shown, answers_before, strict=True)
            ]
        prompts.append(few_shot_prompt(last.prompt, shown, template=template, with_steps=with_steps))
        answers.append(last.answer)
    written = write_answers(
        model,
        tokenizer,
        prompts,
        end_of_text_id=tokenizer.special_tokens[END_OF_TEXT],
        max_new_tokens=40 if with_steps or task in ("chinese", "english") else 8,
    )
    found = [(first_line(text) or "").rpartition(template.between_steps)[2] for text in written]
    return [text == answer for text, answer in zip(found, answers, strict=True)]
