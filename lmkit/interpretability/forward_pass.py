"""Every value that a GPT computes on its way from token ids to logits."""

import math
from functools import partial
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor, nn

from lmkit.models import GPT


def record_forward(model: GPT, token_ids: Int[Tensor, "B T"]) -> dict[str, Tensor]:
    r"""Run a GPT once and keep what each of its steps computes, by name.

    Nearly all values are those of the model's own modules. Two it never stores, because its attention is one fused
    operation: the scores $Q K^\top / \sqrt{d_k}$ and their softmax are computed here from its queries and keys.

    Args:
        model: In evaluation mode.
        token_ids: What it reads.

    Returns:
        In the order of the computation: ``token_embedding`` "B T D", ``position_embedding`` "T D"; for each layer
        ``layers.0.`` and so on: ``input``, ``attention_norm`` "B T D", ``queries``, ``keys``, ``values`` "B H T K",
        ``scores``, ``weights`` "B H T S", ``averages`` "B H T K", ``heads`` (the averages side by side), ``attention``,
        ``after_attention``, ``feed_forward_norm`` "B T D", ``inner``, ``activated`` "B T F", ``feed_forward``,
        ``output`` "B T D"; then ``norm`` "B T D" and ``logits`` "B T V", which are what the model returns.

    Example:
        >>> from lmkit.models import GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=4, d_model=8, num_layers=1, num_heads=2)).eval()
        >>> values = record_forward(model, torch.tensor([[3, 1, 4]]))
        >>> values["layers.0.weights"].shape, values["logits"].shape
        (torch.Size([1, 2, 3, 3]), torch.Size([1, 3, 9]))
    """
    read: dict[str, Tensor] = {}
    made: dict[str, Tensor] = {}

    def keep(name: str, module: nn.Module, args: tuple[Any, ...], result: Any) -> None:
        read[name] = args[0]
        made[name] = result[0] if isinstance(result, tuple) else result

    hooks = [module.register_forward_hook(partial(keep, name)) for name, module in model.named_modules() if name]
    try:
        with torch.no_grad():
            logits = model(token_ids)
    finally:
        for hook in hooks:
            hook.remove()
    values = {name: made[name] for name in ("token_embedding", "position_embedding")}
    for index in range(model.config.num_layers):
        at = f"layers.{index}"
        projected = made[f"{at}.attention.qkv"].unflatten(-1, (3, model.config.num_heads, -1))
        queries, keys, weighted = projected.permute(2, 0, 3, 1, 4)
        scores = queries @ keys.transpose(-2, -1) / math.sqrt(queries.shape[-1])
        later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1)
        layer = {
            "input": read[at],
            "attention_norm": made[f"{at}.attention_norm"],
            "queries": queries,
            "keys": keys,
            "values": weighted,
            "scores": scores,
            "weights": scores.masked_fill(later, -torch.inf).softmax(dim=-1),
            "averages": read[f"{at}.attention.output"].unflatten(-1, (model.config.num_heads, -1)).transpose(1, 2),
            "heads": read[f"{at}.attention.output"],
            "attention": made[f"{at}.attention"],
            "after_attention": read[f"{at}.feed_forward_norm"],
            "feed_forward_norm": made[f"{at}.feed_forward_norm"],
            "inner": made[f"{at}.feed_forward.inner"],
            "activated": read[f"{at}.feed_forward.output"],
            "feed_forward": made[f"{at}.feed_forward"],
            "output": made[at],
        }
        values |= {f"{at}.{name}": value for name, value in layer.items()}
    return {**values, "norm": made["norm"], "logits": logits}
