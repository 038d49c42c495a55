"""Prompting: a task is put into words, and a language model that was never trained for it goes on from there.

Either the possible answers are given, and the most probable one is taken, or the model writes and its text is parsed.
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

from lmkit.functional import log_softmax, target_log_probs
from lmkit.generation import ChooseNext, generate, greedy, stop_at
from lmkit.nn import padding_mask
from lmkit.tasks import Instruction, PromptTemplate, answer_batch, mark_answer
from lmkit.tokenizers import Tokenizer

Normalisation = Literal["none", "token", "byte"]
"""What a log-probability is divided by, so that long answers are not at a disadvantage."""

Parser = Callable[[str], str | None]
"""``parse(text) -> answer``: finds the answer in what a model wrote, or ``None`` if there is none."""

_NUMBER = re.compile(
    r"""
    (?:(?<!\w)-)?  # a sign, and not the operator in 7-3
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
    r"""Put a request behind examples of requests with their answers; without examples the prompt is zero-shot.

    Args:
        request: What is asked.
        examples: What is shown, in this order.
        template: How both become text; ``None`` for the defaults.
        with_steps: Whether the examples' steps are shown, which asks for a chain of thought.

    Returns:
        The text that a model is to continue.

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
    r"""Score every answer as what follows every prompt: $\frac{1}{n} \sum_i \log p(y_i \mid x, y_{<i})$.

    Args:
        model: Maps token ids to logits, in evaluation mode.
        tokenizer: The model's.
        prompts: Such as :func:`few_shot_prompt` makes.
        answers: The possible answers, each with the space before it, such as ``[" positive", " negative"]``.
        end_of_text_id: The token between two texts; the model reads it before each prompt.
        normalisation: What $n$ is: 1, the answer's tokens, or its UTF-8 bytes.
        batch_size: Rows at a time.

    Returns:
        Nats, or nats per token or byte. Without normalisation the softmax of a row is the probability of each
        answer, given that it is one of these.

    Raises:
        ValueError: If there is no prompt or no answer, an answer is empty, or the normalisation is none of the three.

    Source:
        Brown et al. (2020), section 2.4, per token. Per byte does not depend on how the answer is split into tokens.

    Example:
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer = train_bpe(["yes no"], vocab_size=257, special_tokens=("[end]",), progress=False)
        >>> uniform = nn.Embedding.from_pretrained(torch.zeros(257, 257))  # every byte is equally likely
        >>> answers = [" yes", " no"]
        >>> scores = score_answers(uniform, tokenizer, ["Is it?"], answers, end_of_text_id=256, normalisation="byte")
        >>> (scores.exp() * 257).round(decimals=3)
        tensor([[1., 1.]])
    """
    if normalisation not in ("none", "token", "byte"):
        raise ValueError(f"normalisation={normalisation!r} must be 'none', 'token' or 'byte'")
    if not prompts or not answers or not all(answers):
        raise ValueError(
            f"there are {len(prompts)} prompts and the answers {list(answers)}; none may be missing or empty"
        )
    prompt_ids = [[end_of_text_id, *token_ids] for token_ids in tokenizer.encode_batch(prompts)]
    answer_ids = tokenizer.encode_batch(answers)
    rows = [mark_answer(prompt, answer) for prompt, answer in product(prompt_ids, answer_ids)]
    device = next(model.parameters()).device
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
    r"""Correct for answers that a model prefers whatever it is asked: $q_c \propto p_c / \bar p_c$.

    Args:
        scores: What :func:`score_answers` gives for the prompts, so that $p = \operatorname{softmax}(\text{scores})$.
        content_free_scores: What it gives for prompts of the same form that ask nothing, such as with the requests
            "N/A" and "". $\bar p$ is the mean of their softmax.

    Returns:
        $\log q$ in nats.

    Raises:
        ValueError: If there are no content-free scores.

    Source:
        Zhao et al. (2021), section 5, with the quotients scaled to sum to one where the paper takes their softmax; the
        order of the answers is the same.

    Example:
        >>> scores = torch.tensor([[0.6, 0.4]]).log()  # yes, a little
        >>> calibrate(scores, torch.tensor([[0.9, 0.1]]).log()).exp().round(decimals=2)  # but it always says yes
        tensor([[0.1400, 0.8600]])
    """
    if len(content_free_scores) == 0:
        raise ValueError("content_free_scores is empty: there is nothing to calibrate by")
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
        model: Maps token ids to logits, in evaluation mode.
        tokenizer: The model's.
        prompts: Such as :func:`few_shot_prompt` makes.
        end_of_text_id: The token between two texts. The model reads it before each prompt, and has finished when it
            writes it.
        max_new_tokens: How many tokens to write at most.
        choose_next: How to choose the next token.
        generator: Source of randomness for ``choose_next``.
        batch_size: Prompts at a time, of similar length.

    Returns:
        What was written after each prompt, without the end of text.

    Raises:
        ValueError: If a prompt and the new tokens are more than the model can read.

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
    device = next(model.parameters()).device
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
    r"""Parse a short answer: the first line, as a model without an end of its answer goes on with another question.

    Args:
        text: What a model wrote.

    Returns:
        The line without the space around it; ``None`` if it is empty.

    Example:
        >>> first_line(" Paris\n\nQuestion: Where")
        'Paris'
    """
    return text.partition("\n")[0].strip() or None


def last_number(text: str) -> str | None:
    """Parse a chain of thought: the last number is the answer.

    Args:
        text: What a model wrote.

    Returns:
        The number's digits, with a decimal point and neither separators between thousands nor an exponent; ``None``
        if there is no number. Between thousands there may be commas or spaces. A comma before one or two digits is a
        decimal comma, unless there are several.

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
    """Take the answer that comes most often.

    Args:
        answers: Parsed answers to one prompt; what could not be parsed has no vote.

    Returns:
        Of equally frequent ones the first; ``None`` if none could be parsed.

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
    """Draw several chains of thought for each prompt and take the answer that most of them reach.

    Args:
        model: See :func:`write_answers`, also for the other arguments.
        tokenizer: The model's.
        prompts: What to continue.
        num_samples: How many samples for each prompt.
        parse: Finds the answer in a sample.
        end_of_text_id: The token between two texts.
        max_new_tokens: How many tokens to write at most.
        choose_next: One that draws, such as ``temperature(0.7)``; else all samples are the same.
        generator: Source of randomness.
        batch_size: Samples at a time.

    Returns:
        One answer for each prompt; ``None`` where no sample could be parsed.

    Raises:
        ValueError: If there is to be no sample, or as in :func:`write_answers`.

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
        ...     parse=lambda text: "3",  # usually last_number; an untrained model writes none
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
