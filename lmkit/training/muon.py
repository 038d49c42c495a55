"""Muon: momentum whose matrices are made orthogonal before each step."""

import math
from collections.abc import Iterable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

QUINTIC = (3.4445, -4.7750, 2.0315)
"""Muon's coefficients: small singular values rise by a factor of 3.4 per step, and none converges to one exactly."""

CUBIC = (1.5, -0.5, 0.0)
"""The classical coefficients, with which every singular value converges to one."""


@torch.no_grad()
def orthogonalize(
    matrix: Float[Tensor, "M N"], *, num_steps: int = 5, coefficients: tuple[float, float, float] = QUINTIC
) -> Float[Tensor, "M N"]:
    r"""Bring the singular values of a matrix near one by the Newton-Schulz iteration.

    $$X \leftarrow a X + b\, X X^\top X + c\, (X X^\top)^2 X$$

    It keeps the singular vectors and replaces each singular value $s$ by $a s + b s^3 + c s^5$. Before the first step
    the matrix is divided by its Frobenius norm, so that none is above one.

    Args:
        matrix: Any matrix; zeros stay zeros. It is not changed.
        num_steps: How many steps; zero only divides by the norm.
        coefficients: $a$, $b$ and $c$: :data:`QUINTIC` or :data:`CUBIC`.

    Returns:
        With few steps and singular values that are not tiny, nearly $U V^\top$ for a matrix $U S V^\top$.

    Raises:
        ValueError: If the number of steps is negative.

    Source:
        Jordan et al. (2024), who compute in bfloat16. This function keeps the precision of its argument.

    Example:
        >>> turned = orthogonalize(torch.tensor([[0.0, -3.0], [2.0, 0.0]]), num_steps=10, coefficients=CUBIC)
        >>> torch.allclose(turned, torch.tensor([[0.0, -1.0], [1.0, 0.0]]))
        True
    """
    if num_steps < 0:
        raise ValueError(f"num_steps={num_steps} must be at least 0")
    a, b, c = coefficients
    is_tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if is_tall else matrix  # the products are smaller when the rows are the short side
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(num_steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if is_tall else x


class Muon(torch.optim.Optimizer):
    r"""Momentum, orthogonalised, with decoupled weight decay.

    $$m \leftarrow \mu m + (1 - \mu) g, \qquad O = \text{orthogonalize}\big(\mu m + (1 - \mu) g\big)$$
    $$w \leftarrow w - \eta \lambda w - \eta \sqrt{\max(1, \text{rows} / \text{columns})}\; O$$

    It is for the matrices between hidden states. Embeddings, the unembedding, biases and gains are trained by another
    optimiser, such as :class:`AdamW`.

    Args:
        params: Matrices in PyTorch's layout, ``(outputs, inputs)``, or groups of them as dictionaries.
        lr: Learning rate $\eta$.
        momentum: $\mu$.
        weight_decay: $\lambda$.
        num_steps: Steps of :func:`orthogonalize`.

    Raises:
        ValueError: If a parameter is not a matrix, or a setting is out of its range.

    Source:
        Jordan et al. (2024), with Nesterov's momentum, as ``torch.optim.Muon``. PyTorch's computes the iteration in
        bfloat16.

    Example:
        >>> weight = torch.tensor([[3.0, 0.0], [0.0, 0.5]], requires_grad=True)
        >>> optimizer = Muon([weight], lr=0.25, weight_decay=0.0)
        >>> weight.square().sum().backward()
        >>> optimizer.step()  # moves by 0.18 and 0.26, although the gradients are 6 and 1
        >>> weight.detach().diagonal()
        tensor([2.8216, 0.2395])
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[dict[str, Any]],
        lr: float,
        *,
        momentum: float = 0.95,
        weight_decay: float = 0.1,
        num_steps: int = 5,
    ) -> None:
        if not (lr >= 0 and weight_decay >= 0 and num_steps >= 0):
            raise ValueError(f"lr={lr}, weight_decay={weight_decay} and num_steps={num_steps} must not be negative")
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum={momentum} must be in [0, 1)")
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "num_steps": num_steps}
        super().__init__(params, defaults)
        for weight in (weight for group in self.param_groups for weight in group["params"]):
            if weight.dim() != 2:
                raise ValueError(f"a parameter has the shape {tuple(weight.shape)}, but Muon trains matrices only")

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # PyTorch's may also call the loss
        """Update every matrix using its gradient."""
        for group in self.param_groups:
            learning_rate, momentum = group["lr"], group["momentum"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                mean = self.state[weight].setdefault("mean", torch.zeros_like(weight))
                mean.lerp_(weight.grad, 1 - momentum)
                direction = orthogonalize(weight.grad.lerp(mean, momentum), num_steps=group["num_steps"])
                rows, columns = weight.shape
                weight *= 1 - learning_rate * group["weight_decay"]
                weight -= learning_rate * math.sqrt(max(1, rows / columns)) * direction
