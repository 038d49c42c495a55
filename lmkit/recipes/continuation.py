"""Continue a prompt, also beyond the model's context, with the special tokens that the model was trained with."""

from collections.abc import Callable, Iterator
from typing import Any

import torch

from lmkit.generation import ChooseNext, stop_at, stream
from lmkit.models import EncoderDecoder, SpecialIds
from lmkit.tokenizers import Tokenizer


def continue_text(
    model: Any,
    tokenizer: Tokenizer,
    prompt: str,
    *,
    special_ids: SpecialIds,
    max_new_tokens: int,
    choose_next: ChooseNext,
    generator: torch.Generator | None = None,
    notice: Callable[[str], None] = lambda note: None,
) -> Iterator[str]:
    """Continue a prompt, or transform it with an encoder-decoder.

    When prompt and continuation outgrow the context, the window slides: the model continues from the last half of its
    context.

    Args:
        model: In evaluation mode.
        tokenizer: The model's.
        prompt: The text. It may be empty if the model has a start token.
        special_ids: What the model was trained with, from :func:`lmkit.models.load_special_ids`.
        max_new_tokens: The maximum number of tokens to write.
        choose_next: How to choose the next token.
        generator: Source of randomness for ``choose_next``.
        notice: Called once, with a message, when the window slides.

    Yields:
        Pieces of text, each as soon as its characters are complete.

    Raises:
        ValueError: If the prompt is empty and the model has no start token, or ``max_new_tokens`` is negative.

    Example:
        >>> from lmkit.generation import greedy
        >>> from lmkit.models import load_pretrained, load_special_ids, load_tokenizer
        >>> name = "storyworld-gpt"
        >>> parts = continue_text(
        ...     load_pretrained(name), load_tokenizer(name), "Once upon a",
        ...     special_ids=load_special_ids(name), max_new_tokens=1, choose_next=greedy
        ... )
        >>> "".join(parts)
        ' time'
    """
    if max_new_tokens < 0:
        raise ValueError(f"max_new_tokens={max_new_tokens} must be at least 0")
    context_length, device = model.config.context_length, next(model.parameters()).device
    prompt_ids = tokenizer.encode(prompt)
    model_inputs: dict[str, Any] = {}
    if isinstance(model, EncoderDecoder):
        source_ids = special_ids.source(prompt_ids)
        if not 0 < len(source_ids) <= context_length:
            raise ValueError(f"prompt has {len(source_ids)} tokens, but the model reads 1 to {context_length}")
        model_inputs = {"source_ids": torch.tensor([source_ids], device=device)}
        prompt_ids = []
    start = special_ids.prompt([]) if special_ids.starts_texts else []
    text_ids = special_ids.prompt(prompt_ids)
    new_ids: list[int] = []
    num_shown, has_slid = len(tokenizer.decode(prompt_ids)), False
    while len(new_ids) < max_new_tokens:
        if len(text_ids) > context_length:
            text_ids = [*start, *text_ids[-max(1, context_length // 2) :]][-context_length:]
            if not has_slid:
                notice(f"the text exceeds the model's context of {context_length} tokens: the model sees only its end")
            has_slid = True
        written = stream(
            model,
            torch.tensor([text_ids], device=device),
            max_new_tokens=min(max_new_tokens - len(new_ids), context_length - len(text_ids) + 1),
            choose_next=choose_next,
            generator=generator,
            stop=stop_at(*special_ids.end_ids) if special_ids.end_ids else None,
            **model_inputs,
        )
        for token_id in map(int, written):
            if token_id in special_ids.end_ids:
                max_new_tokens = len(new_ids)
                break
            text_ids.append(token_id)
            new_ids.append(token_id)
            text = tokenizer.decode([*prompt_ids, *new_ids])  # with the prompt, or the first space might be lost
            if not text.endswith("\N{REPLACEMENT CHARACTER}"):  # a character may take several tokens
                yield text[num_shown:]
                num_shown = len(text)
    yield tokenizer.decode([*prompt_ids, *new_ids])[num_shown:]
