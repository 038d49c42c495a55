"""Learning rates as plain functions of the step: ``schedule(step) -> learning_rate``, counted from zero."""

import math
from collections.abc import Callable

Schedule = Callable[[int], float]
"""The learning rate of each step, where step 0 is the first."""


def constant(learning_rate: float) -> Schedule:
    """The same learning rate at every step.

    Args:
        learning_rate: Not negative.

    Returns:
        The schedule.

    Example:
        >>> constant(0.1)(1000)
        0.1
    """
    _check_not_negative(learning_rate=learning_rate)
    return lambda step: learning_rate


def warmup_cosine(
    learning_rate: float, *, num_steps: int, warmup_steps: int = 0, final_learning_rate: float = 0.0
) -> Schedule:
    r"""Rise linearly, then fall along half a cosine.

    $$\eta_s = \eta \, \frac{s + 1}{W} \quad (s < W), \qquad
    \eta_s = \eta' + \frac{\eta - \eta'}{2} \Big(1 + \cos \pi \frac{s - W}{S - W}\Big) \quad (W \le s \le S)$$

    Args:
        learning_rate: $\eta$, reached when the warm-up ends.
        num_steps: $S$, the length of the run; later steps keep the final learning rate.
        warmup_steps: $W$. While Adam's running means are young, its steps are large and poorly directed.
        final_learning_rate: $\eta'$, where the cosine ends.

    Returns:
        The schedule.

    Raises:
        ValueError: If a rate is negative or the warm-up is as long as the run.

    Source:
        Loshchilov and Hutter (2017), equation 5, without restarts.

    Example:
        >>> schedule = warmup_cosine(1.0, num_steps=10, warmup_steps=2)
        >>> [round(schedule(step), 2) for step in (0, 1, 2, 6, 10)]
        [0.5, 1.0, 1.0, 0.5, 0.0]
    """
    _check_not_negative(learning_rate=learning_rate, final_learning_rate=final_learning_rate)
    if not 0 <= warmup_steps < num_steps:
        raise ValueError(f"warmup_steps={warmup_steps} must be at least 0 and less than num_steps={num_steps}")

    def schedule(step: int) -> float:
        if step < warmup_steps:
            return learning_rate * (step + 1) / warmup_steps
        progress = min(1.0, (step - warmup_steps) / (num_steps - warmup_steps))
        return final_learning_rate + (learning_rate - final_learning_rate) * (1 + math.cos(math.pi * progress)) / 2

    return schedule


def restarts(schedule: Schedule, *, every: int) -> Schedule:
    """Repeat a schedule in cycles.

    Args:
        schedule: One cycle, such as :func:`warmup_cosine`.
        every: Steps per cycle.

    Returns:
        The schedule of all cycles.

    Raises:
        ValueError: If a cycle has no step.

    Source:
        Loshchilov and Hutter (2017), section 3.

    Example:
        >>> again = restarts(warmup_cosine(1.0, num_steps=4), every=4)
        >>> [round(again(step), 2) for step in (0, 2, 4, 6)]
        [1.0, 0.5, 1.0, 0.5]
    """
    if every < 1:
        raise ValueError(f"every={every} must be at least 1")
    return lambda step: schedule(step % every)


def inverse_square_root(learning_rate: float, *, warmup_steps: int) -> Schedule:
    r"""Rise linearly, then fall with the square root of the step; the run needs no known end.

    $$\eta_s = \eta \, \min\!\Big(\frac{s + 1}{W}, \sqrt{\frac{W}{s + 1}}\Big)$$

    Args:
        learning_rate: $\eta$, the highest, at step $W - 1$. The original is $(d_{\text{model}} W)^{-1/2}$.
        warmup_steps: $W \ge 1$.

    Returns:
        The schedule.

    Raises:
        ValueError: If the rate is negative or there is no warm-up.

    Source:
        Vaswani et al. (2017), equation 3.

    Example:
        >>> schedule = inverse_square_root(1.0, warmup_steps=4)
        >>> [schedule(step) for step in (0, 3, 15)]
        [0.25, 1.0, 0.5]
    """
    _check_not_negative(learning_rate=learning_rate)
    if warmup_steps < 1:
        raise ValueError(f"warmup_steps={warmup_steps} must be at least 1")
    return lambda step: learning_rate * min((step + 1) / warmup_steps, math.sqrt(warmup_steps / (step + 1)))


def _check_not_negative(**values: float) -> None:
    for name, value in values.items():
        if not value >= 0:
            raise ValueError(f"{name}={value} must not be negative")
