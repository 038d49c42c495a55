"""Instructions: requests with answers, of which only the answers are scored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Unpack

import numpy as np
import torch

from lmkit.data.batches import Batch, Batches, Reading
from lmkit.data.seq2seq import pad
from lmkit.functional import IGNORE_ID
from lmkit.tasks.examples import Instruction
from lmkit.tokenizers import Tokenizer


@dataclass(frozen=True, kw_only=True)
class PromptTemplate:
    r"""How a request and its answer become plain text, for models without special chat tokens.

    A request can contain the template's own text. The special tokens of a :class:`~lmkit.tasks.chat.ChatTemplate` do
    not have this problem.

    Args:
        before: Text before the request.
        between: Text between request and answer. The answer begins with a space.
        between_steps: Text between the steps of an answer, and between the last step and the answer.
        after: Text between an answered request and the next request.

    Example:
        >>> template = PromptTemplate(before="Q: ", between="\nA:")
        >>> template.prompt("7 - 3 + 2?")
        'Q: 7 - 3 + 2?\nA:'
        >>> template.answer(Instruction(prompt="7 - 3 + 2?", answer="6", steps=("7 - 3 = 4", "4 + 2 = 6")))
        ' 7 - 3 = 4; 4 + 2 = 6; 6'
    """

    before: str = "Question: "
    between: str = "\nAnswer:"
    between_steps: str = "; "
    after: str = "\n\n"

    def prompt(self, request: str) -> str:
        """Format a request, up to where the answer begins.

        Args:
            request: The request.

        Returns:
            The text for a model to continue.
        """
        return self.before + request + self.between

    def answer(self, instruction: Instruction, *, with_steps: bool = True) -> str:
        """Format an answer as it follows the prompt.

        Args:
            instruction: A request with its answer.
            with_steps: Whether the steps come first, as in a chain of thought.

        Returns:
            The text for a model to generate.
        """
        steps = instruction.steps if with_steps else ()
        return " " + self.between_steps.join([*steps, instruction.answer])


class MarkedTokens(NamedTuple):
    """A row of tokens, some of which the model learns to generate; it only reads the others.

    Attributes:
        token_ids: All tokens.
        is_answer: For each token, whether the model learns to generate it.

    Example:
        >>> MarkedTokens(token_ids=[5, 6, 7], is_answer=[False, False, True]).is_answer.count(True)
        1
    """

    token_ids: list[int]
    is_answer: list[bool]


def encode_instruction(
    tokenizer: Tokenizer,
    instruction: Instruction,
    *,
    end_of_text_id: int,
    template: PromptTemplate | None = None,
    with_steps: bool = True,
) -> MarkedTokens:
    """Turn an instruction into ``[end] prompt answer [end]``, of which the answer and the second end are scored.

    The end-of-text token in front marks the start of a new text. Prompt and answer are encoded separately, so that the
    prompt has the same tokens as when a model gets it alone.

    Args:
        tokenizer: The model's tokenizer.
        instruction: A request with its answer.
        end_of_text_id: The token between two texts, which also ends an answer.
        template: How request and answer become text; ``None`` for the defaults of :class:`PromptTemplate`.
        with_steps: Whether the steps are part of the answer.

    Returns:
        Token ids, and which of them belong to the answer.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> tokenizer = load_tokenizer("storyworld-gpt")
        >>> end_id = tokenizer.special_id("<|endoftext|>")
        >>> row = encode_instruction(tokenizer, Instruction(prompt="1 + 1?", answer="2"), end_of_text_id=end_id)
        >>> tokenizer.decode(token_id for token_id, is_answer in zip(*row) if is_answer)
        ' 2<|endoftext|>'
    """
    template = template or PromptTemplate()
    prompt_ids = [end_of_text_id, *tokenizer.encode(template.prompt(instruction.prompt))]
    answer_ids = [*tokenizer.encode(template.answer(instruction, with_steps=with_steps)), end_of_text_id]
    return mark_answer(prompt_ids, answer_ids)


def mark_answer(prompt_ids: Sequence[int], answer_ids: Sequence[int]) -> MarkedTokens:
    """Concatenate a prompt and its answer.

    Args:
        prompt_ids: Tokens that the model only reads.
        answer_ids: Tokens that the model learns to generate.

    Returns:
        One row.

    Example:
        >>> mark_answer([5, 6], [7, 1])
        MarkedTokens(token_ids=[5, 6, 7, 1], is_answer=[False, False, True, True])
    """
    return MarkedTokens([*prompt_ids, *answer_ids], [False] * len(prompt_ids) + [True] * len(answer_ids))


def answer_batch(rows: Sequence[MarkedTokens], *, pad_id: int) -> Batch:
    """Make one batch in which each position predicts the next token if that belongs to an answer.

    Args:
        rows: At least one row.
        pad_id: The token that pads shorter rows on the right, where no real position of a causal model attends to it.

    Returns:
        A batch with ``inputs`` and ``targets``; targets are ``IGNORE_ID`` within prompts and at padding.

    Example:
        >>> batch = answer_batch([mark_answer([5, 6], [7, 1]), mark_answer([5], [8])], pad_id=0)
        >>> batch.inputs.tolist(), batch.targets.tolist()
        ([[5, 6, 7], [5, 0, 0]], [[-100, 7, 1], [8, -100, -100]])
    """
    targets = [
        [token if scored else IGNORE_ID for token, scored in zip(row.token_ids[1:], row.is_answer[1:], strict=True)]
        for row in rows
    ]
    return Batch(inputs=pad([row.token_ids[:-1] for row in rows], pad_id), targets=pad(targets, IGNORE_ID))


def instruction_batches(
    rows: Sequence[MarkedTokens],
    *,
    batch_size: int,
    context_length: int,
    pad_id: int,
    generator: torch.Generator | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    """Make batches for supervised fine-tuning with the loss on the answers only.

    The objective is the same as in pre-training, :func:`~lmkit.training.objectives.next_token_objective`.

    Args:
        rows: Instructions from :func:`encode_instruction`, or conversations from
            :func:`~lmkit.tasks.chat.encode_chat`.
        batch_size: Rows per batch and rank.
        context_length: Maximum number of tokens that the model can read. Rows are not truncated, because answers to
            incomplete prompts would teach the model to invent.
        pad_id: The token that pads shorter rows.
        generator: Shuffles the rows in each epoch; ``None`` keeps their order.
        reading: ``num_epochs``, ``rank`` and ``world_size``; see :class:`~lmkit.data.batches.Reading`.

    Returns:
        Batches with ``inputs`` and ``targets``, as from :func:`answer_batch`.

    Raises:
        ValueError: If there are no rows, or one is too long or has no answer; the message names it.

    Source:
        Ouyang et al. (2022), section 3.5, for supervised fine-tuning; here the loss is on the answers alone.

    Example:
        >>> rows = [mark_answer([5, 6], [7, 1])]
        >>> next(instruction_batches(rows, batch_size=1, context_length=8, pad_id=0)).targets
        tensor([[-100,    7,    1]])
    """
    require_rows(rows, context_length)

    def make_batch(examples: Sequence[int], randomness: Callable[[int], np.random.Generator]) -> Batch:
        return answer_batch([rows[example] for example in examples], pad_id=pad_id)

    return Batches(
        make_batch,
        num_examples=len(rows),
        batch_size=batch_size,
        generator=generator,
        shuffle=generator is not None,
        **reading,
    )


def require_rows(rows: Sequence[MarkedTokens], context_length: int, name: str = "rows") -> None:
    """Check that each row fits into the model's context and has an answer.

    Args:
        rows: The rows.
        context_length: Maximum number of tokens that the model can read. The last token of a row is only predicted.
        name: The caller's name for the rows, for messages.

    Raises:
        ValueError: If one is too long or has no answer.
    """
    for number, row in enumerate(rows):
        if len(row.token_ids) - 1 > context_length:
            raise ValueError(
                f"{name}[{number}] has {len(row.token_ids)} tokens, more than the context_length={context_length} "
                "to read and one more to predict: leave the row out or shorten it"
            )
        if not any(row.is_answer[1:]):
            raise ValueError(f"{name}[{number}] has no answer token after its first token: there is nothing to learn")
