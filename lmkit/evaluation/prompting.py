"""Prompting: describe a task in text and let a language model continue it, without training for the task.

Either the possible answers are given and the most probable one is chosen, or the model generates text that is parsed.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import product
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lmkit.evaluation.perplexity import device_of
from lmkit.functional import log_softmax, target_log_probs
from lmkit.generation import ChooseNext, generate, greedy, stop_at
from lmkit.nn import padding_mask
from lmkit.tasks import Instruction, PromptTemplate, answer_batch, mark_answer
from lmkit.tokenizers import Tokenizer

Normalisation = Literal["none", "token", "byte"]
"""What an answer's log-probability is divided by, so that long answers are not at a disadvantage."""

Parser = Callable[[str], str | None]
"""``parse(text) -> answer``: finds the answer in generated text; ``None`` if there is none."""

_NUMBER = re.compile(
    r"""
    (?:(?<!\w)-)?  # a sign, but not the operator in 7-3
    (?:
        \d{1,3}(?P<thousands>[, \u00a0\u202f])\d{3}(?:(?P=thousands)\d{3})*(?!\d)(?:\.\d+)?
        | (?<!\d,)\d+(?P<point>,)\d{1,2}(?!,?\d)
        | \d+(?:\.\d+)?
        | (?<![\w.])\.\d+
    )
    (?:[eE][+-]?\d{1,2}(?!\w))?
    """,
    re.VERBOSE,
)


def few_shot_prompt(
    request: str,
    examples: Sequence[Instruction] = (),
    *,
    template: PromptTemplate | None = None,
    with_steps: bool = True,
) -> str:
    r"""Write a prompt: examples of requests with their answers, then a request. Without examples it is zero-shot.

    Args:
        request: The request to answer.
        examples: The examples to show, in this order.
        template: How requests and answers become text; ``None`` for the defaults of
            :class:`~lmkit.tasks.PromptTemplate`.
        with_steps: Whether to show the examples' steps, which elicits a chain of thought.

    Returns:
        The prompt for a model to continue.

    Source:
        Brown et al. (2020), section 2. Steps: Wei et al. (2022), section 2.

    Example:
        >>> few_shot_prompt("4 + 4?", [Instruction(prompt="1 + 2?", answer="3")])
        'Question: 1 + 2?\nAnswer: 3\n\nQuestion: 4 + 4?\nAnswer:'
    """
    template = template or PromptTemplate()
    shown = (
        template.prompt(example.prompt) + template.answer(example, with_steps=with_steps) + template.after
        for example in examples
    )
    return "".join(shown) + template.prompt(request)


@torch.inference_mode()
def score_answers(
    model: nn.Module,
    tokenizer: Tokenizer,
    prompts: Sequence[str],
    answers: Sequence[str],
    *,
    end_of_text_id: int,
    normalisation: Normalisation = "none",
    batch_size: int = 32,
) -> Float[Tensor, "N C"]:
    r"""Score each answer as a continuation of each prompt: $\frac{1}{n} \sum_i \log p(y_i \mid x, y_{<i})$.

    Args:
        model: Maps token ids to logits; in evaluation mode.
        tokenizer: The model's tokenizer.
        prompts: Prompts, for instance from :func:`few_shot_prompt`.
        answers: The possible answers, each with its leading space, such as ``[" positive", " negative"]``.
        end_of_text_id: The token between two texts; the model reads it before each prompt.
        normalisation: What $n$ is: 1, the number of the answer's tokens, or of its UTF-8 bytes.
        batch_size: Rows per forward pass.

    Returns:
        Nats, or nats per token or byte. Without normalisation, the softmax of a row is the probability of each answer,
        given that the answer is one of these.

    Raises:
        ValueError: If there is no prompt or no answer, an answer is empty, or the normalisation is unknown.

    Source:
        Brown et al. (2020), section 2.4, for the score per token. The score per byte does not depend on the tokenizer.

    Example:
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer = train_bpe(["yes no"], vocab_size=257, special_tokens=("[end]",), progress=False)
        >>> uniform = nn.Embedding.from_pretrained(torch.zeros(257, 257))  # every token is equally likely
        >>> answers = [" yes", " no"]
        >>> scores = score_answers(uniform, tokenizer, ["Is it?"], answers, end_of_text_id=256, normalisation="byte")
        >>> (scores.exp() * 257).round(decimals=3)
        tensor([[1., 1.]])
    """
    if normalisation not in ("none", "token", "byte"):
        raise ValueError(f"normalisation={normalisation!r} must be 'none', 'token' or 'byte'")
    if not prompts or not answers or not all(answers):
        raise ValueError(
            f"there are {len(prompts)} prompts and the answers {list(answers)}; give at least one of each, none empty"
        )
    prompt_ids = [[end_of_text_id, *token_ids] for token_ids in tokenizer.encode_batch(prompts)]
    answer_ids = tokenizer.encode_batch(answers)
    rows = [mark_answer(prompt, answer) for prompt, answer in product(prompt_ids, answer_ids)]
    device = device_of(model)
    totals = []
    for first in range(0, len(rows), batch_size):
        batch = answer_batch(rows[first : first + batch_size], pad_id=end_of_text_id).to(device)
        totals.append(target_log_probs(model(batch.inputs), batch.targets).sum(dim=-1).cpu())
    scores = torch.cat(totals).view(len(prompts), len(answers))
    if normalisation == "token":
        return scores / torch.tensor([len(token_ids) for token_ids in answer_ids])
    if normalisation == "byte":
        return scores / torch.tensor([len(answer.encode()) for answer in answers])
    return scores


def calibrate(scores: Float[Tensor, "N C"], content_free_scores: Float[Tensor, "M C"]) -> Float[Tensor, "N C"]:
    r"""Correct for answers that a model prefers regardless of the request: $q_c \propto p_c / \bar p_c$.

    Args:
        scores: The scores of :func:`score_answers` for the prompts; $p = \operatorname{softmax}(\text{scores})$.
        content_free_scores: The scores for prompts of the same form without content, such as the requests "N/A" and "".
            $\bar p$ is the mean of their softmax.

    Returns:
        $\log q$ in nats.

    Raises:
        ValueError: If there are no content-free scores.

    Source:
        Zhao et al. (2021), section 5. We normalise the quotients where the paper takes their softmax; the ranking of
        the answers is the same.

    Example:
        >>> scores = torch.tensor([[0.6, 0.4]]).log()  # prefers the first answer, but does so without content too
        >>> calibrate(scores, torch.tensor([[0.9, 0.1]]).log()).exp().round(decimals=2)
        tensor([[0.1400, 0.8600]])
    """
    if len(content_free_scores) == 0:
        raise ValueError("content_free_scores is empty: give the scores of at least one prompt without content")
    prior = log_softmax(content_free_scores).exp().mean(dim=0)
    return log_softmax(scores - prior.log())


def write_answers(
    model: nn.Module,
    tokenizer: Tokenizer,
    prompts: Sequence[str],
    *,
    end_of_text_id: int,
    max_new_tokens: int,
    choose_next: ChooseNext = greedy,
    generator: torch.Generator | None = None,
    batch_size: int = 32,
) -> list[str]:
    """Let a model continue prompts.

    Args:
        model: A model for :func:`lmkit.generation.generate`, in evaluation mode.
        tokenizer: The model's tokenizer.
        prompts: Prompts, for instance from :func:`few_shot_prompt`.
        end_of_text_id: The token between two texts. The model reads it before each prompt, and generating it ends an
            answer.
        max_new_tokens: Maximum number of tokens per answer.
        choose_next: Chooses the next token.
        generator: Source of randomness for ``choose_next``.
        batch_size: Prompts per batch; prompts of similar length are batched together.

    Returns:
        The continuation of each prompt, without the end-of-text token.

    Raises:
        ValueError: If a prompt with its new tokens exceeds the model's ``context_length``.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer = train_bpe(["yes no"], vocab_size=257, special_tokens=("[end]",), progress=False)
        >>> model = GPT(GPTConfig(vocab_size=257, context_length=16, d_model=8, num_layers=1, num_heads=1)).eval()
        >>> texts = write_answers(model, tokenizer, ["Is it?", "Why?"], end_of_text_id=256, max_new_tokens=4)
        >>> len(texts)  # of an untrained model
        2
    """
    rows = [[end_of_text_id, *token_ids] for token_ids in tokenizer.encode_batch(prompts)]
    device = device_of(model)
    texts = [""] * len(rows)
    by_length = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    for first in range(0, len(rows), batch_size):
        numbers = by_length[first : first + batch_size]
        length = len(rows[numbers[-1]])
        padded = [[end_of_text_id] * (length - len(rows[number])) + rows[number] for number in numbers]
        lengths = torch.tensor([len(rows[number]) for number in numbers])
        written = generate(
            model,
            torch.tensor(padded, device=device),
            max_new_tokens=max_new_tokens,
            choose_next=choose_next,
            generator=generator,
            padding_mask=padding_mask(lengths, length, side="left").to(device),
            stop=stop_at(end_of_text_id),
        )
        for number, new_ids in zip(numbers, written[:, length:].tolist(), strict=True):
            end = new_ids.index(end_of_text_id) if end_of_text_id in new_ids else len(new_ids)
            texts[number] = tokenizer.decode(new_ids[:end])
    return texts


def first_line(text: str) -> str | None:
    r"""Parse a short answer: take the first line, because a model may go on with another question.

    Args:
        text: Generated text.

    Returns:
        The line without surrounding whitespace; ``None`` if it is empty.

    Example:
        >>> first_line(" Paris\n\nQuestion: Where")
        'Paris'
    """
    return text.partition("\n")[0].strip() or None


def last_number(text: str) -> str | None:
    """Parse a chain of thought: the last number is the answer.

    Args:
        text: Generated text, in which commas or spaces may separate thousands. A single comma before one or two digits
            is a decimal comma.

    Returns:
        The number with a decimal point, without thousands separators and exponent; ``None`` if there is no number.

    Example:
        >>> last_number(" 7 - 3 = 4; 4 + 1,996 = 2,000; so 2,000 apples.")
        '2000'
        >>> [last_number(text) for text in ("1 000", "$.50", "1,5", "-1e3")]
        ['1000', '0.50', '1.5', '-1000']
    """
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        return None
    last = numbers[-1]
    number = last[0]
    if last["thousands"]:
        number = number.replace(last["thousands"], "")
    if last["point"]:
        number = number.replace(",", ".")
    number = re.sub(r"^(-?)\.", r"\g<1>0.", number)
    return format(Decimal(number), "f") if "e" in number.lower() else number


def majority_vote(answers: Sequence[str | None]) -> str | None:
    """Choose the most frequent answer.

    Args:
        answers: Parsed answers to one prompt; ``None``, for text that could not be parsed, has no vote.

    Returns:
        The most frequent answer, the first one in a tie; ``None`` if no text could be parsed.

    Source:
        Wang et al. (2023), section 2.

    Example:
        >>> majority_vote(["7", "8", None, "8"])
        '8'
    """
    votes = Counter(answer for answer in answers if answer is not None)
    return max(votes, key=votes.__getitem__, default=None)


def self_consistent_answers(
    model: nn.Module,
    tokenizer: Tokenizer,
    prompts: Sequence[str],
    *,
    num_samples: int,
    parse: Parser,
    end_of_text_id: int,
    max_new_tokens: int,
    choose_next: ChooseNext,
    generator: torch.Generator,
    batch_size: int = 32,
) -> list[str | None]:
    """Sample several chains of thought per prompt and choose the answer that most of them reach.

    Args:
        model: See :func:`write_answers`, also for the other arguments.
        tokenizer: The model's tokenizer.
        prompts: The prompts to continue.
        num_samples: Number of samples per prompt.
        parse: Finds the answer in a sample.
        end_of_text_id: The token between two texts.
        max_new_tokens: Maximum number of tokens per sample.
        choose_next: A random choice, such as ``temperature(0.7)``; otherwise all samples are equal.
        generator: Source of randomness.
        batch_size: Samples per batch.

    Returns:
        One answer per prompt; ``None`` if none of its samples could be parsed.

    Raises:
        ValueError: If ``num_samples`` is less than 1, or as in :func:`write_answers`.

    Source:
        Wang et al. (2023), section 2.

    Example:
        >>> from lmkit.generation import temperature
        >>> from lmkit.models import GPT, GPTConfig
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer = train_bpe(["yes no"], vocab_size=257, special_tokens=("[end]",), progress=False)
        >>> model = GPT(GPTConfig(vocab_size=257, context_length=16, d_model=8, num_layers=1, num_heads=1)).eval()
        >>> self_consistent_answers(
        ...     model,
        ...     tokenizer,
        ...     ["1 + 2 ="],
        ...     num_samples=3,
        ...     parse=lambda text: "3",  # usually last_number, but an untrained model writes no number
        ...     end_of_text_id=256,
        ...     max_new_tokens=4,
        ...     choose_next=temperature(1.0),
        ...     generator=torch.Generator().manual_seed(0),
        ... )
        ['3']
    """
    if num_samples < 1:
        raise ValueError(f"num_samples={num_samples} must be at least 1")
    texts = write_answers(
        model,
        tokenizer,
        [prompt for prompt in prompts for _ in range(num_samples)],
        end_of_text_id=end_of_text_id,
        max_new_tokens=max_new_tokens,
        choose_next=choose_next,
        generator=generator,
        batch_size=batch_size,
    )
    answers = [parse(text) for text in texts]
    return [majority_vote(answers[first : first + num_samples]) for first in range(0, len(answers), num_samples)]
