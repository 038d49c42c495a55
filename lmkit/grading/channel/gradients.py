"""Gradients through a call: each side keeps its part of the graph, and is asked for the derivatives of that part.

A tensor that requires a gradient is a leaf where it arrives. What is computed from it there stays there as a
:class:`Graph`; the tensors that come back are joined to it by a function whose backward pass asks the other side.
So ``backward()`` fills ``grad`` of every leaf, on whichever side it is. ``torch.autograd.grad`` finds the gradients of
a call's arguments, not of tensors that a function among the arguments holds; there are no second derivatives.
"""

import functools
import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Any


class Graph:
    """One call's tensors on the side that has computed it.

    Args:
        inputs: Leaves that came with the call.
        outputs: Tensors that went back.
    """

    def __init__(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        self.inputs, self.outputs = inputs, outputs

    def gradients(self, of_outputs: Sequence[Any]) -> list[Any]:
        """Carry gradients from the outputs to the inputs, and into parameters on the way.

        Args:
            of_outputs: One for each output.

        Returns:
            One for each input; ``None`` where no output depends on it.

        Example:
            >>> import torch
            >>> x = torch.ones(2, requires_grad=True)
            >>> Graph([x], [3 * x]).gradients([torch.ones(2)])
            [tensor([3., 3.])]
        """
        torch = importlib.import_module("torch")
        before = [tensor.grad for tensor in self.inputs]
        for tensor in self.inputs:
            tensor.grad = None
        torch.autograd.backward(self.outputs, of_outputs, retain_graph=True)
        found = [tensor.grad for tensor in self.inputs]
        for tensor, gradient in zip(self.inputs, before, strict=True):
            tensor.grad = gradient
        return found


def positions_requiring_grad(objects: Sequence[Any]) -> list[int]:
    """Return where tensors that require a gradient are among objects."""
    torch = sys.modules.get("torch")
    if torch is None:
        return []
    return [n for n, value in enumerate(objects) if isinstance(value, torch.Tensor) and value.requires_grad]


def joined(ask: Callable[[list[Any]], list[Any]], inputs: Sequence[Any], outputs: Sequence[Any]) -> Sequence[Any]:
    """Join tensors to the graph of those from which they were computed elsewhere.

    Args:
        ask: Given the gradients of the outputs, returns those of the inputs.
        inputs: Tensors that require a gradient.
        outputs: Tensors without a graph.

    Returns:
        The outputs, with a graph unless gradients are switched off.

    Example:
        >>> import torch
        >>> x = torch.ones(2, requires_grad=True)
        >>> (y,) = joined(lambda gradients: [3 * gradients[0]], [x], [torch.full((2,), 3.0)])
        >>> torch.autograd.grad(y.sum(), x)
        (tensor([3., 3.]),)
    """
    torch = importlib.import_module("torch")
    always = torch.zeros((), requires_grad=True)  # the other side's parameters may need a gradient when no input does
    result: tuple[Any, ...] = bridge().apply(ask, [output.detach() for output in outputs], always, *inputs)
    return result


@functools.cache
def bridge() -> Any:
    """Return the function that autograd calls; it is made when PyTorch is loaded."""
    torch = importlib.import_module("torch")

    class Bridge(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, ask: Any, outputs: list[Any], *inputs: Any) -> tuple[Any, ...]:
            ctx.ask = ask
            return tuple(outputs)

        @staticmethod
        @torch.autograd.function.once_differentiable
        def backward(ctx: Any, *gradients: Any) -> tuple[Any, ...]:
            return (None, None, None, *ctx.ask(list(gradients)))

    return Bridge
