"""Instructions: a request is given, its answer is to be written, and only the answer is scored."""

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
    r"""How a request and its answer become plain text, for models that know no special tokens of a chat.

    Nothing keeps a request from containing the template's own words; in a
    :class:`~lmkit.tasks.chat.ChatTemplate` no text can.

    Args:
        before: Comes before the request.
        between: Comes between request and answer. The answer brings the space before it, as words do.
        between_steps: Comes between the steps of an answer, and between the last of them and the answer itself.
        after: Comes between an answered request and the next request.

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
        """Write a request, up to where the answer begins.

        Args:
            request: What is asked.

        Returns:
            The text that a model is to continue.
        """
        return self.before + request + self.between

    def answer(self, instruction: Instruction, *, with_steps: bool = True) -> str:
        """Write an answer as it follows the prompt.

        Args:
            instruction: A request with its answer.
            with_steps: Whether the steps come first, as in a chain of thought.

        Returns:
            The text that a model is to write.
        """
        steps = instruction.steps if with_steps else ()
        return " " + self.between_steps.join([*steps, instruction.answer])


class MarkedTokens(NamedTuple):
    """A row of tokens, some of which the model learns to write; it only reads the others.

    Attributes:
        token_ids: All of them.
        is_answer: For each whether the model is to write it.

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

    The first token is the end of another text, after which a new one begins. Prompt and answer are encoded apart,
    so that the prompt has the same tokens as when a model is given it alone.

    Args:
        tokenizer: The model's.
        instruction: A request with its answer.
        end_of_text_id: The token between two texts, and the one by which a model says that the answer ends.
        template: How they become text; ``None`` for the defaults of :class:`PromptTemplate`.
        with_steps: Whether the steps are part of the answer.

    Returns:
        Token ids and which of them are the answer's.

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
    """Put an answer behind its prompt.

    Args:
        prompt_ids: What is read.
        answer_ids: What is to be written.

    Returns:
        Both in one row.

    Example:
        >>> mark_answer([5, 6], [7, 1])
        MarkedTokens(token_ids=[5, 6, 7, 1], is_answer=[False, False, True, True])
    """
    return MarkedTokens([*prompt_ids, *answer_ids], [False] * len(prompt_ids) + [True] * len(answer_ids))


def answer_batch(rows: Sequence[MarkedTokens], *, pad_id: int) -> Batch:
    """Make one batch, in which each position is to predict the next token if that is an answer's.

    Args:
        rows: At least one.
        pad_id: The token that fills shorter rows on the right, where a causal model's other positions do not see it.

    Returns:
        A batch with ``inputs`` and ``targets``, which are ``IGNORE_ID`` within prompts and at padding.

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

    The objective is that of pre-training, :func:`~lmkit.training.objectives.next_token_objective`.

    Args:
        rows: Instructions from :func:`encode_instruction`, or conversations from
            :func:`~lmkit.tasks.chat.encode_chat`.
        batch_size: Rows per batch and rank.
        context_length: How many tokens the model can read. Nothing is cut off: an answer without its whole prompt
            would teach the model to invent.
        pad_id: The token that fills shorter rows.
        generator: Shuffles the rows, anew in each epoch. ``None`` takes them in order.
        reading: How often and by whom: ``num_epochs``, ``rank`` and ``world_size``, see
            :class:`~lmkit.data.batches.Reading`.

    Returns:
        Batches with ``inputs`` and ``targets``, as from :func:`answer_batch`.

    Raises:
        ValueError: If there are no rows, or one is too long or has nothing to learn; the message says which.

    Source:
        Ouyang et al. (2022), section 3.5, for supervised fine-tuning; with the loss on the answer alone.

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
    """Check that a model can read each row and has something to learn from it.

    Args:
        rows: Any number.
        context_length: How many tokens the model can read. The last token of a row is only predicted.
        name: What the caller knows the rows as.

    Raises:
        ValueError: If one is too long or has no answer.
    """
    for number, row in enumerate(rows):
        if len(row.token_ids) - 1 > context_length:
            raise ValueError(
                f"{name}[{number}] has {len(row.token_ids)} tokens, more than the context_length={context_length} "
                "that can be read and the one that is predicted last: leave it out or shorten it"
            )
        if not any(row.is_answer[1:]):
            raise ValueError(f"{name}[{number}] has no token of an answer after its first: there is nothing to learn")
