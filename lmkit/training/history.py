"""What happened in a training run, step by step, and a plot of it."""

from dataclasses import asdict, dataclass, field
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from lmkit.plotting import COLOURS
from lmkit.training.step import StepResult


@dataclass(kw_only=True)
class History:
    """One list per quantity, with one entry per step.

    Args:
        loss_nats: Loss of each step's batch before its update, in nats per token.
        grad_norm: Norm of each step's gradient before clipping.
        learning_rate: Learning rate of each update.
        num_tokens: Tokens scored in each step, on all ranks.
        seconds: Duration of each step, including making its batch.
        validation: After how many steps the model was evaluated, and its loss then, in nats per token.

    Example:
        >>> history = History(loss_nats=[3.0, 2.0], num_tokens=[50, 50], seconds=[1.0, 1.0], validation=[(2, 2.5)])
        >>> history.num_steps, history.tokens_per_second(), history.best
        (2, 50.0, (2, 2.5))
    """

    loss_nats: list[float] = field(default_factory=list)
    grad_norm: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    num_tokens: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    validation: list[tuple[int, float]] = field(default_factory=list)

    @property
    def num_steps(self) -> int:
        """How many steps were taken."""
        return len(self.loss_nats)

    @property
    def evaluated_at(self) -> int | None:
        """After how many steps the last evaluation was."""
        return self.validation[-1][0] if self.validation else None

    @property
    def best(self) -> tuple[int, float] | None:
        """The evaluation with the lowest loss, the first of equal ones: after how many steps, and the loss."""
        return min(self.validation, key=lambda evaluation: evaluation[1], default=None)

    def add(self, result: StepResult, seconds: float) -> None:
        """Record one more step.

        Args:
            result: What the step did.
            seconds: How long it took.
        """
        self.loss_nats.append(result.loss_nats)
        self.grad_norm.append(result.grad_norm)
        self.learning_rate.append(result.learning_rate)
        self.num_tokens.append(result.num_tokens)
        self.seconds.append(seconds)

    def tokens_per_second(self, last: int = 20) -> float:
        """Return the speed over the last steps.

        Args:
            last: Over how many steps.

        Returns:
            Scored tokens of all ranks per second.
        """
        return sum(self.num_tokens[-last:]) / sum(self.seconds[-last:])

    def has_stalled(self, patience: int) -> bool:
        """Return whether none of the last ``patience`` evaluations is better than the best before them.

        Args:
            patience: At least 1.
        """
        losses = [loss for _, loss in self.validation]
        return len(losses) > patience and min(losses[-patience:]) >= min(losses[:-patience])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw training and validation loss against the number of steps.

        Args:
            ax: Where to draw; a new figure otherwise.

        Returns:
            The axes.
        """
        ax = plt.subplots()[1] if ax is None else ax
        ax.plot(range(self.num_steps), self.loss_nats, color=COLOURS["gpt"], linewidth=1, label="training")
        if self.validation:
            steps, losses = zip(*self.validation, strict=True)
            ax.plot(steps, losses, color=COLOURS["bert"], marker="o", label="validation")
        ax.set(xlabel="steps", ylabel="loss (nats per token)")
        ax.legend()
        return ax

    def to_json(self) -> dict[str, Any]:
        """Return the lists as they go into a file."""
        return asdict(self)

    @classmethod
    def from_json(cls, lists: dict[str, Any]) -> "History":
        """Make a history of what :meth:`to_json` returned, before or after it was in a file.

        Args:
            lists: The lists by name.

        Returns:
            The same history.
        """
        return cls(**{**lists, "validation": [(step, loss) for step, loss in lists["validation"]]})
