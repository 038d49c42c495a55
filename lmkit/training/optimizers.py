"""Optimisers written out for reading, and PyTorch's fused AdamW for use.

:class:`SGD` and :class:`AdamW` take the same steps as those of ``torch.optim``; theirs are faster.
"""

from collections.abc import Iterable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn


class SGD(torch.optim.Optimizer):
    r"""Stochastic gradient descent with momentum.

    $$v \leftarrow \mu v + g, \qquad w \leftarrow w - \eta v$$

    Args:
        params: Parameters, or groups of them as dictionaries.
        lr: Learning rate $\eta$.
        momentum: $\mu$; zero gives plain gradient descent.

    Source:
        Sutskever et al. (2013), with PyTorch's convention that $\eta$ is outside the velocity.

    Example:
        >>> weight = torch.tensor([4.0], requires_grad=True)
        >>> optimizer = SGD([weight], lr=0.25)
        >>> weight.square().sum().backward()
        >>> optimizer.step()
        >>> weight.item()
        2.0
    """

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float, *, momentum: float = 0.0
    ) -> None:
        if not (lr >= 0 and 0 <= momentum < 1):
            raise ValueError(f"lr={lr} must not be negative and momentum={momentum} must be in [0, 1)")
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # PyTorch's may also call the loss
        """Update every parameter using its gradient."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                velocity = state.setdefault("velocity", torch.zeros_like(weight))
                velocity.mul_(group["momentum"]).add_(weight.grad)
                weight -= group["lr"] * velocity


class AdamW(torch.optim.Optimizer):
    r"""Adam with decoupled weight decay.

    $$m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2$$
    $$w \leftarrow w - \eta \lambda w - \eta \,
    \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}$$

    Args:
        params: Parameters, or groups of them as dictionaries.
        lr: Learning rate $\eta$.
        betas: $\beta_1$ and $\beta_2$, how much of each running mean is kept per step.
        eps: $\epsilon$, which bounds the step where gradients are tiny.
        weight_decay: $\lambda$.

    Source:
        Loshchilov and Hutter (2019), algorithm 2, with $\eta$ multiplying the decay too, as in PyTorch.

    Example:
        >>> weight = torch.tensor([4.0], requires_grad=True)
        >>> optimizer = AdamW([weight], lr=0.25, weight_decay=0.0)
        >>> weight.square().sum().backward()
        >>> optimizer.step()  # the first step has the length of the learning rate
        >>> weight.item()
        3.75
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[dict[str, Any]],
        lr: float,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        if not (lr >= 0 and eps >= 0 and weight_decay >= 0):
            raise ValueError(f"lr={lr}, eps={eps} and weight_decay={weight_decay} must not be negative")
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas={betas} must be in [0, 1)")
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # PyTorch's may also call the loss
        """Update every parameter using its gradient."""
        for group in self.param_groups:
            (beta1, beta2), learning_rate = group["betas"], group["lr"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state.update(step=torch.tensor(0.0), mean=torch.zeros_like(weight), square=torch.zeros_like(weight))
                state["step"] += 1
                mean, square, t = state["mean"], state["square"], state["step"].item()
                mean.lerp_(weight.grad, 1 - beta1)
                square.mul_(beta2).addcmul_(weight.grad, weight.grad, value=1 - beta2)
                weight *= 1 - learning_rate * group["weight_decay"]
                denominator = (square / (1 - beta2**t)).sqrt() + group["eps"]
                weight -= learning_rate * (mean / (1 - beta1**t)) / denominator


@torch.no_grad()
def clip_gradients(parameters: Iterable[Tensor], max_norm: float) -> Float[Tensor, ""]:
    r"""Clip the norm of the gradient of all parameters together, keeping its direction.

    $$g \leftarrow g \, \min\Big(1, \frac{c}{\lVert g \rVert + 10^{-6}}\Big)$$

    Args:
        parameters: Those with a gradient are used; the gradients are changed in place.
        max_norm: $c > 0$, the greatest Euclidean norm; ``math.inf`` changes nothing.

    Returns:
        The norm before.

    Raises:
        ValueError: If the norm is not positive.

    Source:
        Pascanu et al. (2013), algorithm 1, with PyTorch's small constant in the denominator.

    Example:
        >>> weight = torch.zeros(2, requires_grad=True)
        >>> weight.grad = torch.tensor([3.0, 4.0])
        >>> clip_gradients([weight], max_norm=1.0)
        tensor(5.)
        >>> weight.grad
        tensor([0.6000, 0.8000])
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm={max_norm} must be greater than 0")
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    if not gradients:
        return torch.tensor(0.0)
    norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))  # all in one kernel
    torch._foreach_mul_(gradients, (max_norm / (norm + 1e-6)).clamp(max=1.0))
    return norm


def decay_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Split a model's trainable parameters into those that decay and those that do not.

    Matrices decay. Biases and the gains of normalisation do not: pulling them to zero limits what the
    model can express and does not make it simpler.

    Args:
        model: Its parameters without ``requires_grad`` are left out.
        weight_decay: The decay of the matrices.

    Returns:
        Two parameter groups for an optimiser, the decaying one first.

    Example:
        >>> decaying, rest = decay_groups(nn.Linear(3, 2), weight_decay=0.1)
        >>> [tuple(weight.shape) for weight in decaying["params"]], [tuple(weight.shape) for weight in rest["params"]]
        ([(2, 3)], [(2,)])
    """
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return [
        {"params": [parameter for parameter in trained if parameter.dim() >= 2], "weight_decay": weight_decay},
        {"params": [parameter for parameter in trained if parameter.dim() < 2], "weight_decay": 0.0},
    ]


def fused_adamw(
    model: nn.Module,
    learning_rate: float,
    *,
    betas: tuple[float, float] = (0.9, 0.95),
    weight_decay: float = 0.1,
) -> torch.optim.AdamW:
    """PyTorch's AdamW in one kernel for all parameters, with decay for the matrices alone.

    Args:
        model: What is to be trained, already on its device.
        learning_rate: The first step's; a schedule changes it from step to step.
        betas: How much of the mean gradient and of the mean squared gradient is kept per step.
        weight_decay: The decay of the matrices.

    Returns:
        An optimiser that takes the steps of :class:`AdamW`.

    Source:
        The defaults are those of Brown et al. (2020), appendix B.

    Example:
        >>> optimizer = fused_adamw(nn.Linear(3, 2), 1e-3)
        >>> [group["weight_decay"] for group in optimizer.param_groups]
        [0.1, 0.0]
    """
    return torch.optim.AdamW(decay_groups(model, weight_decay), lr=learning_rate, betas=betas, fused=True)
