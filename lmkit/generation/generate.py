"""Autoregressive generation: predict the next token, choose it, append it, repeat."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from jaxtyping import Bool, Int
from torch import Tensor, nn

from lmkit.functional import IGNORE_ID, at_least_fp32
from lmkit.generation.choosing import ChooseNext, greedy, require_prompt
from lmkit.generation.compiled import CompiledStep
from lmkit.generation.decoding_copy import decoding_copy

Stop = Callable[[Int[Tensor, "B N"]], Bool[Tensor, " B"]]
"""``stop(new_ids) -> finished``: which rows are finished, given the tokens generated so far."""

WORTH_A_COPY = 32
"""From this many steps on, a copy of the model for decoding saves more time than it takes to make."""


def stop_at(*stop_ids: int) -> Stop:
    """Finish a row once one of these tokens was generated.

    Args:
        stop_ids: Usually only the end-of-text token.

    Returns:
        A stop condition for :func:`generate`.

    Example:
        >>> stop_at(0, 9)(torch.tensor([[5, 9], [9, 5]]))  # which rows end in 0 or 9
        tensor([ True, False])
    """

    def finished(new_ids: Int[Tensor, "B N"]) -> Bool[Tensor, " B"]:
        last = new_ids[:, -1]
        return torch.isin(last, torch.tensor(stop_ids, device=last.device))

    return finished


def generate(
    model: nn.Module,
    prompt_ids: Int[Tensor, "B T"],
    *,
    max_new_tokens: int,
    choose_next: ChooseNext = greedy,
    generator: torch.Generator | None = None,
    padding_mask: Bool[Tensor, "B T"] | None = None,
    stop: Stop | None = None,
    use_cache: bool = True,
    compiled_step: CompiledStep | None = None,
    **model_inputs: Any,
) -> Int[Tensor, "B U"]:
    """Continue prompts.

    Args:
        model: Maps token ids to logits. Put it in evaluation mode first, or dropout stays on.
        prompt_ids: The prompts. Pad shorter ones on the left, so that all rows continue at the same column.
        max_new_tokens: Maximum number of tokens to generate.
        choose_next: Chooses the next token from the logits.
        generator: Source of randomness for ``choose_next``.
        padding_mask: ``True`` at the prompts' real tokens; ``None`` if there is no padding.
        stop: Decides which rows are finished. A finished row repeats its last token until all rows are finished.
        use_cache: Whether keys and values are kept, so that each step reads only one token. The result is the same.
            For long texts in fp32 on a CPU, most weights are kept a second time, in the layout that is fastest to read.
        compiled_step: A :class:`CompiledStep` of this model, which then reads the tokens in place of the cache.
        model_inputs: Further inputs of the model at each call, such as the ``source_ids`` of an encoder-decoder.

    Returns:
        The prompts and their continuations.

    Raises:
        ValueError: If the prompts have no tokens, ``max_new_tokens`` is negative, the compiled step is of another
            model, or the text gets too long: for the model, whose ``context_length`` must hold all but the last
            token, or for the compiled step.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1)).eval()
        >>> generate(model, torch.tensor([[3, 1, 4]]), max_new_tokens=5).shape
        torch.Size([1, 8])
    """
    new_ids = stream(
        model,
        prompt_ids,
        max_new_tokens=max_new_tokens,
        choose_next=choose_next,
        generator=generator,
        padding_mask=padding_mask,
        stop=stop,
        use_cache=use_cache,
        compiled_step=compiled_step,
        **model_inputs,
    )
    return torch.cat([prompt_ids, *(column.unsqueeze(-1) for column in new_ids)], dim=-1)


def stream(
    model: nn.Module,
    prompt_ids: Int[Tensor, "B T"],
    *,
    max_new_tokens: int,
    choose_next: ChooseNext = greedy,
    generator: torch.Generator | None = None,
    padding_mask: Bool[Tensor, "B T"] | None = None,
    stop: Stop | None = None,
    use_cache: bool = True,
    compiled_step: CompiledStep | None = None,
    **model_inputs: Any,
) -> Iterator[Int[Tensor, " B"]]:
    """Continue prompts and yield each token as soon as it is chosen.

    Args:
        model: See :func:`generate`, also for the other arguments.
        prompt_ids: The prompts.
        max_new_tokens: Maximum number of tokens to generate.
        choose_next: Chooses the next token from the logits.
        generator: Source of randomness.
        padding_mask: ``True`` at the prompts' real tokens.
        stop: Decides which rows are finished.
        use_cache: Whether keys and values are kept.
        compiled_step: A compiled step of this model.
        model_inputs: Further inputs of the model at each call.

    Yields:
        The next token of each row.

    Raises:
        ValueError: At the first token, for the reasons given in :func:`generate`.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1)).eval()
        >>> prompt_ids = torch.tensor([[3, 1, 4]])
        >>> new_ids = torch.cat(list(stream(model, prompt_ids, max_new_tokens=5)))
        >>> new_ids.tolist() == generate(model, prompt_ids, max_new_tokens=5)[0, 3:].tolist()
        True
    """
    batch_size, prompt_length = prompt_ids.shape
    if max_new_tokens < 0:
        raise ValueError(f"max_new_tokens={max_new_tokens} must be at least 0")
    require_prompt(prompt_ids)
    # `text` is what the model reads; `history` is the same with padding marked, for choose_next.
    text = prompt_ids.new_empty(batch_size, prompt_length + max_new_tokens)
    text[:, :prompt_length] = prompt_ids
    history = text
    if padding_mask is not None:
        history = text.clone()
        history[:, :prompt_length] = prompt_ids.masked_fill(~padding_mask, IGNORE_ID)
    read: _Reader | _CachedReader | _CompiledReader
    if compiled_step is not None:
        if compiled_step.model is not model:
            raise ValueError("compiled_step was made for another model: make one with CompiledStep(model, ...)")
        read = _CompiledReader(compiled_step, text.shape)
    else:
        read = _CachedReader(model, text.shape, model_inputs) if use_cache else _Reader(model, model_inputs)
    finished = torch.zeros(batch_size, dtype=torch.bool, device=prompt_ids.device)

    for end in range(prompt_length, prompt_length + max_new_tokens):
        with torch.inference_mode():
            logits = read(text[:, :end], padding_mask)
            next_ids = choose_next(logits, token_ids=history[:, :end], generator=generator)
            if stop is not None:
                next_ids = torch.where(finished, text[:, end - 1], next_ids)
            text[:, end] = next_ids
            if history is not text:
                history[:, end] = next_ids
            if stop is not None:
                finished = finished | stop(text[:, prompt_length : end + 1])
        yield text[:, end].clone()
        if stop is not None and finished.all():
            return


class _Reader:
    """Reads the whole text at every step."""

    def __init__(self, model: nn.Module, model_inputs: dict[str, Any]) -> None:
        self.model, self.model_inputs = model, model_inputs

    def __call__(self, text: Tensor, padding_mask: Tensor | None) -> Tensor:
        """Logits of the next token."""
        masks = {}
        if padding_mask is not None:
            real = padding_mask.new_ones(len(text), text.shape[1] - padding_mask.shape[1])
            masks["padding_mask"] = torch.cat([padding_mask, real], dim=1)
        return at_least_fp32(self.model(text, **masks, **self.model_inputs)[:, -1])


class _CachedReader:
    """Reads only the tokens added since the last step."""

    def __init__(self, model: Any, size: torch.Size, model_inputs: dict[str, Any]) -> None:
        self.model, self.model_inputs = model, model_inputs
        self.batch_size, self.length = size[0], size[1] - 1  # the last token is generated but never read
        self.cache = model.make_cache(self.batch_size, self.length)

    def __call__(self, text: Tensor, padding_mask: Tensor | None) -> Tensor:
        """Logits of the next token."""
        is_prompt = self.cache.length == 0
        masks = {"padding_mask": padding_mask} if padding_mask is not None and is_prompt else {}
        hidden = self.model.hidden(text[:, self.cache.length :], cache=self.cache, **masks, **self.model_inputs)
        logits = at_least_fp32(self.model.unembedding(hidden[:, -1]))
        if is_prompt and self.length - self.cache.length >= WORTH_A_COPY:
            self.model = decoding_copy(self.model, self.batch_size)
        return logits


class _CompiledReader:
    """Reads the prompt, then one token at a time through a compiled step."""

    def __init__(self, step: CompiledStep, size: torch.Size) -> None:
        if size[1] > step.max_length:
            raise ValueError(f"{size[1]} tokens do not fit in a compiled step with max_length={step.max_length}")
        self.step, self.has_started = step, False

    def __call__(self, text: Tensor, padding_mask: Tensor | None) -> Tensor:
        """Logits of the next token."""
        if self.has_started:
            return self.step(text[:, -1])
        self.has_started = True
        return self.step.start(text, padding_mask)
