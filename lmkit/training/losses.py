"""What each way of training minimises: every loss here is one cross-entropy, of a different prediction.

A loss is a function of logits and targets, in nats. Which targets are scored, and what the model was
allowed to see when it made the logits, is decided by the batch.
"""

from collections.abc import Iterable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lmkit.functional import cross_entropy


def next_token_loss(logits: Float[Tensor, "B T V"], targets: Int[Tensor, "B T"]) -> Float[Tensor, ""]:
    r"""Mean information content of each token given those before it.

    $$-\frac{1}{N} \sum_{b,t} \log p(x_{b,t+1} \mid x_{b,\le t})$$

    Args:
        logits: Unnormalised log-probabilities of the token that follows each position.
        targets: The token that did follow, or ``IGNORE_ID``.

    Returns:
        Nats per scored token.

    Example:
        >>> logits = torch.zeros(1, 3, 50)  # a model that knows nothing
        >>> round(next_token_loss(logits, torch.tensor([[7, 8, 9]])).item(), 4)  # log 50
        3.912
    """
    return cross_entropy(logits, targets)


def masked_loss(logits: Float[Tensor, "B T V"], targets: Int[Tensor, "B T"]) -> Float[Tensor, ""]:
    r"""Mean information content of the chosen tokens given a corrupted text on both sides.

    $$-\frac{1}{|\mathcal{M}|} \sum_{t \in \mathcal{M}} \log p(x_t \mid \tilde x_{1:T})$$

    The tokens of $\mathcal{M}$ are predicted independently of each other, so this is not the
    information content of the text.

    Args:
        logits: Unnormalised log-probabilities of the original token at each position.
        targets: The original token where it was chosen, ``IGNORE_ID`` elsewhere.

    Returns:
        Nats per chosen token.

    Source:
        Devlin et al. (2019), section 3.1, task 1.

    Example:
        >>> from lmkit.functional import IGNORE_ID
        >>> masked_loss(torch.zeros(1, 3, 50), torch.tensor([[IGNORE_ID, 8, IGNORE_ID]]))  # log 50
        tensor(3.9120)
    """
    return cross_entropy(logits, targets)


def permutation_loss(logits: Float[Tensor, "B T V"], targets: Int[Tensor, "B T"]) -> Float[Tensor, ""]:
    r"""Mean information content of each token given those before it in a random order $z$.

    $$-\frac{1}{N} \sum_{i} \log p(x_{z_i} \mid x_{z_{<i}})$$

    Args:
        logits: Unnormalised log-probabilities of the token at each position, made without seeing it.
        targets: The token at each position, or ``IGNORE_ID`` for the start of the order, which is not scored.

    Returns:
        Nats per scored token.

    Source:
        Yang et al. (2019), equations 3 and 5.

    Example:
        >>> from lmkit.functional import IGNORE_ID
        >>> permutation_loss(torch.zeros(1, 3, 50), torch.tensor([[7, IGNORE_ID, 9]]))  # log 50
        tensor(3.9120)
    """
    return cross_entropy(logits, targets)


def sentence_pair_loss(logits: Float[Tensor, "B C"], labels: Int[Tensor, " B"]) -> Float[Tensor, ""]:
    r"""Mean information content of the relation between two sentences: $-\frac{1}{B} \sum_b \log p(c_b \mid x_b)$.

    Args:
        logits: Unnormalised log-probabilities of each relation, such as "next" and "random".
        labels: The true relation of each pair.

    Returns:
        Nats per pair.

    Source:
        Next sentence: Devlin et al. (2019), section 3.1, task 2. Sentence order: Lan et al. (2020), section 3.1.

    Example:
        >>> sentence_pair_loss(torch.zeros(4, 2), torch.tensor([0, 1, 1, 0]))  # log 2: a coin flip
        tensor(0.6931)
    """
    return cross_entropy(logits, labels)


def sequence_to_sequence_loss(
    logits: Float[Tensor, "B T V"], targets: Int[Tensor, "B T"], label_smoothing: float = 0.1
) -> Float[Tensor, ""]:
    r"""Mean cross-entropy of each target token given the source and the target tokens before it.

    $$-\frac{1}{N} \sum_{b,t} \sum_v q_{btv} \log p(v \mid s_b, y_{b,<t}), \qquad
    q_{btv} = (1 - \varepsilon) \, [v = y_{bt}] + \varepsilon / V$$

    Args:
        logits: Unnormalised log-probabilities of each target token.
        targets: The target tokens, ``IGNORE_ID`` at padding.
        label_smoothing: $\varepsilon$, the share of the target spread evenly over the vocabulary.

    Returns:
        Nats per target token. With smoothing the least possible value is the entropy of $q$, not zero.

    Source:
        Vaswani et al. (2017), section 5.4.

    Example:
        >>> logits = torch.tensor([[[20.0, 0.0, 0.0]]])
        >>> [round(sequence_to_sequence_loss(logits, torch.tensor([[0]]), e).item(), 2) for e in (0.0, 0.1)]
        [0.0, 1.33]
    """
    return cross_entropy(logits, targets, label_smoothing)


@torch.no_grad()
def add_penalty_gradients(parameters: Iterable[Tensor], l1: float = 0.0, l2: float = 0.0) -> None:
    r"""Add the gradient of $\lambda_1 \sum |w| + \frac{\lambda_2}{2} \sum w^2$ to the gradients in place.

    The penalty enters only through its gradient, so the reported loss stays in nats per
    token and can be compared between runs with different penalties.

    Args:
        parameters: Those with a gradient are changed.
        l1: $\lambda_1 \ge 0$, which pulls weights to exactly zero.
        l2: $\lambda_2 \ge 0$, which shrinks weights in proportion. Under Adam this is not weight decay.

    Raises:
        ValueError: If a coefficient is negative.

    Example:
        >>> weight = torch.tensor([2.0, -4.0], requires_grad=True)
        >>> weight.grad = torch.zeros(2)
        >>> add_penalty_gradients([weight], l2=0.5)
        >>> weight.grad
        tensor([ 1., -2.])
    """
    if l1 < 0 or l2 < 0:
        raise ValueError(f"l1={l1} and l2={l2} must not be negative")
    for weight in parameters:
        if weight.grad is not None:
            weight.grad += l1 * weight.sign() + l2 * weight
