"""Recording a model's attention weights during its forward passes."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from torch import Tensor, nn

from lmkit.nn import MultiHeadAttention


@contextmanager
def record_attention(model: nn.Module) -> Iterator[dict[str, Tensor]]:
    """Record the weights of every attention layer that is called within a ``with`` block.

    If a layer is called several times, as in generation, the weights of its last call are kept, without gradients. The
    model's outputs stay the same up to rounding, because the layer computes explicit instead of fused attention.

    Args:
        model: A model that contains :class:`~lmkit.nn.MultiHeadAttention` layers.

    Yields:
        Weights of shape "B H T S", by the layer's name in the model; empty before the first call.

    Example:
        >>> import torch
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=4, d_model=8, num_layers=2, num_heads=2))
        >>> with record_attention(model) as weights:
        ...     _ = model(torch.tensor([[3, 1, 4]]))
        >>> {name: tuple(each.shape) for name, each in weights.items()}
        {'layers.0.attention': (1, 2, 3, 3), 'layers.1.attention': (1, 2, 3, 3)}
    """
    weights: dict[str, Tensor] = {}

    def ask(layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return args, {**kwargs, "return_weights": True}

    def keep(name: str, layer: nn.Module, args: tuple[Any, ...], result: tuple[Tensor, Tensor]) -> None:
        weights[name] = result[1].detach()

    hooks = []
    for name, layer in model.named_modules():
        if isinstance(layer, MultiHeadAttention):
            hooks.append(layer.register_forward_pre_hook(ask, with_kwargs=True))
            hooks.append(layer.register_forward_hook(partial(keep, name)))
    try:
        yield weights
    finally:
        for hook in hooks:
            hook.remove()
