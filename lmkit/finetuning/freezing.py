"""Which layers learn, and how fast. Lower layers are more general, so they should change less."""

import re
from collections import defaultdict
from typing import Any

import torch
from torch import nn

from lmkit.training import decay_groups

_LAYER = re.compile(r"(?:^|\.)layers\.(\d+)\.")
_EMBEDDING = re.compile(r"(?:^|\.)\w*embedding\w*\.")


def layer_depth(name: str, num_layers: int) -> int:
    r"""Return the depth of a parameter in its model.

    Args:
        name: The parameter's name, as from ``named_parameters``.
        num_layers: $L$.

    Returns:
        0 for embeddings, 1 to $L$ for the layers, $L + 1$ for what comes after them, such as a head.

    Example:
        >>> names = ["encoder.token_embedding.weight", "encoder.layers.3.feed_forward.output.bias", "head.weight"]
        >>> [layer_depth(name, num_layers=4) for name in names]
        [0, 4, 5]
    """
    if match := _LAYER.search(name):
        return int(match[1]) + 1
    return 0 if _EMBEDDING.search(name) else num_layers + 1


def freeze_layers(model: nn.Module, num_frozen: int) -> None:
    """Freeze the embeddings and the lowest layers; everything else learns.

    An unembedding that is tied to the embedding is frozen too.

    Args:
        model: A GPT, Llama or BERT, or a head on one.
        num_frozen: How many layers to freeze; 0 freezes only the embeddings.

    Raises:
        ValueError: If the model has fewer layers.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2))
        >>> freeze_layers(model, 1)
        >>> [layer.attention.qkv.weight.requires_grad for layer in model.layers]
        [False, True]
    """
    num_layers = _count_layers(model)
    if not 0 <= num_frozen <= num_layers:
        raise ValueError(f"num_frozen={num_frozen} must be between 0 and the model's {num_layers} layers")
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(layer_depth(name, num_layers) > num_frozen)


def layerwise_adamw(
    model: nn.Module,
    learning_rate: float,
    *,
    factor: float = 0.8,
    betas: tuple[float, float] = (0.9, 0.95),
    weight_decay: float = 0.1,
) -> torch.optim.AdamW:
    r"""Make an AdamW whose learning rate decreases from layer to layer, from the head down to the embeddings.

    $$\eta_d = \eta \, \xi^{L + 1 - d}$$

    for parameters at depth $d$, see :func:`layer_depth`. A schedule gives $\eta$, and
    :func:`lmkit.training.train_step` multiplies it by each parameter group's ``lr_scale``, which is the power of $\xi$.

    Args:
        model: A GPT, Llama or BERT, or a head on one. Frozen parameters are left out.
        learning_rate: $\eta$, the learning rate of the head.
        factor: $\xi$, greater than 0 and at most 1.
        betas: Decay rates of the running means of the gradient and of its square.
        weight_decay: Decay of the matrices; biases and gains have none.

    Returns:
        An optimiser.

    Raises:
        ValueError: If the factor is out of range.

    Source:
        Howard and Ruder (2018), section 3.2.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2))
        >>> optimizer = layerwise_adamw(model, 0.1, factor=0.5)
        >>> sorted({group["lr_scale"] for group in optimizer.param_groups})
        [0.125, 0.25, 0.5, 1.0]
    """
    if not 0 < factor <= 1:
        raise ValueError(f"factor={factor} must be greater than 0 and at most 1")
    num_layers = _count_layers(model)
    depths = {parameter: layer_depth(name, num_layers) for name, parameter in model.named_parameters()}
    groups = []
    for decay_group in decay_groups(model, weight_decay):
        by_depth: dict[int, list[Any]] = defaultdict(list)
        for parameter in decay_group["params"]:
            by_depth[depths[parameter]].append(parameter)
        for depth, parameters in sorted(by_depth.items(), reverse=True):
            lr_scale = factor ** (num_layers + 1 - depth)
            groups.append({**decay_group, "params": parameters, "lr": learning_rate * lr_scale, "lr_scale": lr_scale})
    return torch.optim.AdamW(groups, lr=learning_rate, betas=betas, fused=True)


def _count_layers(model: nn.Module) -> int:
    """How many layers there are; a model without ``layers`` has none."""
    return max((int(match[1]) + 1 for name, _ in model.named_parameters() if (match := _LAYER.search(name))), default=0)
