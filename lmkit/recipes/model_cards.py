"""Model cards in Markdown: what a user of a model should know. And the training log as a table."""

import csv
import io
from typing import Any

from lmkit.evaluation import Interval
from lmkit.training import History

LOG_EVERY = 25
"""Steps per line of the log."""

Facts = dict[str, Any]
"""What ``evaluation.json`` says about a model. Its scores are under the key ``"scores"``."""


def task_card(facts: Facts) -> str:
    """Describe a model that was fine-tuned for a task.

    Args:
        facts: As in its ``evaluation.json``.

    Returns:
        The model card.
    """
    scores = "".join(
        f"| {name} | {score['value']:.3f} | {_bounds(score)} |\n" for name, score in facts["scores"].items()
    )
    counts = ", ".join(f"{label} ({count:,})" for label, count in facts["labels in training"].items())
    labels = f"Labels and their counts in training: {counts}.\n\n" if counts else ""
    return (
        f"# {facts['task']}\n\n{facts['summary']}\n\nMade from {facts['model']} by\n\n"
        f"    {facts['command']}\n\n"
        f"Data: {facts['data']}, {facts['training examples']:,} training and {facts['test examples']:,} test "
        f"examples. {labels}"
        f"{facts['steps']:,} updates of {facts['learned parameters']:,} parameters, seed {facts['seed']}, took "
        f"{facts['seconds']:.1f} s on {facts['machine']} with PyTorch {facts['torch']}.\n\n"
        f"| on the test examples | {facts['metric']} | 95 % interval |\n|---|---|---|\n{scores}\n"
        "The interval shows how much the score depends on the choice of test examples, not on the seed.\n"
    )


def _bounds(score: dict[str, float]) -> str:
    """The interval of a score; none if all resamples have the same score."""
    return "none" if score["low"] == score["high"] else f"{score['low']:.3f} to {score['high']:.3f}"


def shipped_card(facts: Facts) -> str:
    """Describe a model that ships with the package.

    Args:
        facts: As in its ``evaluation.json``.

    Returns:
        The model card.
    """
    return (
        f"# {facts['model']}\n\n{facts['summary']}\n\n"
        f"`{facts['command']}` remakes it: {facts['parameters']:,} parameters, seed {facts['seed']}, "
        f"{facts['training stories']:,} {facts['stories are']}, {facts['steps']:,} steps, "
        f"{facts['scored tokens']:,} scored tokens. "
        f"It took {facts['minutes']} minutes on {facts['machine']} with PyTorch {facts['torch']}. "
        "`log.csv` is the training log.\n\n"
        f"| measured on held-out stories | |\n|---|---|\n{_score_rows(facts)}\n"
        "It knows only the story world. Licence: Apache-2.0.\n"
    )


def text_card(facts: Facts) -> str:
    """Describe a language model that ``lmkit train`` made from a user's text.

    Args:
        facts: As in its ``evaluation.json``.

    Returns:
        The model card.
    """
    return (
        f"# A GPT trained on {facts['data']}\n\nMade by\n\n    {facts['command']}\n\n"
        f"{facts['parameters']:,} parameters, trained on {facts['training tokens']:,} tokens, seed {facts['seed']}: "
        f"{facts['steps']:,} steps, {facts['scored tokens']:,} scored tokens, {facts['minutes']} minutes on "
        f"{facts['machine']} with PyTorch {facts['torch']}. `log.csv` is the training log.\n\n"
        f"| measured on validation text | |\n|---|---|\n{_score_rows(facts)}\n"
        "The weights are those of the step with the lowest validation loss. The model may reproduce its "
        "training text, including private information. It continues texts of the same kind; nothing that it writes is "
        "checked.\n"
    )


def _score_rows(facts: Facts) -> str:
    """One line of the card's table for each score."""
    return "".join(f"| {name} | {score} |\n" for name, score in facts["scores"].items())


def interval_facts(interval: Interval) -> dict[str, float]:
    """Convert a score and its interval to the form of ``evaluation.json``.

    Args:
        interval: The score.

    Returns:
        Value, bounds and level, by name.
    """
    return {"value": interval.value, "low": interval.low, "high": interval.high, "level": interval.level}


def log_lines(history: History) -> str:
    """Write the training log as a table, one line for every ``LOG_EVERY`` steps.

    Args:
        history: The history of the run.

    Returns:
        CSV with a header. Losses and gradient norms are means over the steps of a line; tokens and seconds are sums
        from the start.
    """
    table = io.StringIO()
    lines = csv.writer(table, lineterminator="\n")
    lines.writerow(["step", "loss_nats", "grad_norm", "learning_rate", "tokens", "seconds"])
    for end in range(LOG_EVERY, history.num_steps + 1, LOG_EVERY):
        steps = slice(end - LOG_EVERY, end)
        means = [sum(values[steps]) / LOG_EVERY for values in (history.loss_nats, history.grad_norm)]
        lines.writerow(
            [
                end,
                *(f"{mean:.4f}" for mean in means),
                f"{history.learning_rate[end - 1]:.6f}",
                sum(history.num_tokens[:end]),
                f"{sum(history.seconds[:end]):.0f}",
            ]
        )
    return table.getvalue()
