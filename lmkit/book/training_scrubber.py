"""A training run at its checkpoints: the reader moves along, and curves, attention and text change together."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from lmkit.book.drawing import TEXT, draw_map, svg
from lmkit.book.interactive import InteractiveFigure, make_figure, slider, visible

LEFT, WIDTH, RIGHT, TOP, HEIGHT, BOTTOM = 30, 250, 150, 12, 160, 44
STYLES = ("stroke-width='2'", "stroke-width='2' stroke-dasharray='6 3'", "stroke-width='2' stroke-dasharray='2 3'")


def training_scrubber(
    steps: Sequence[int],
    curves: Mapping[str, Sequence[float]],
    attention: ArrayLike,
    tokens: Sequence[str],
    texts: Sequence[str],
    *,
    references: Mapping[str, float] | None = None,
) -> InteractiveFigure:
    """Show what a model is at each checkpoint of its training; the reader moves from one to the next.

    The checkpoints are equally far apart in the picture, whatever the number of steps between them. The still picture
    has the curves, and attention and text of three checkpoints.

    Args:
        steps: The number of steps before each checkpoint, rising.
        curves: Up to three measures in nats per token by name, each with a value per checkpoint.
        attention: Weights of one head by checkpoint, position and position attended to, the shape "C T T".
        tokens: The tokens at these positions.
        texts: What the model writes at each checkpoint.
        references: Heights of thin lines by name, in nats per token.

    Returns:
        The last value of a cell.

    Raises:
        ValueError: If there are fewer than two checkpoints, they are out of order, lengths do not fit, or a weight is
            not a share.

    Example:
        >>> figure = training_scrubber(
        ...     [0, 100], {"loss": [2.3, 0.7]}, [[[1.0]], [[1.0]]], ["the"], ["kite the the", "the red kite"]
        ... )
        >>> "the red kite" in figure.html
        True
    """
    shares = np.asarray(attention, dtype=float)
    count = len(steps)
    if count < 2 or list(steps) != sorted(set(steps)):
        raise ValueError(f"steps={list(steps)} must be at least two rising numbers")
    if not 1 <= len(curves) <= len(STYLES):
        raise ValueError(f"there are {len(curves)} curves, but 1 to {len(STYLES)} can be told apart")
    for name, values in (*((f"curves[{name!r}]", values) for name, values in curves.items()), ("texts", texts)):
        if len(values) != count:
            raise ValueError(f"{name} has {len(values)} entries, but there are {count} checkpoints")
    if shares.shape != (count, len(tokens), len(tokens)):
        raise ValueError(f"attention has shape {shares.shape}, but must be ({count}, {len(tokens)}, {len(tokens)})")
    if not (np.all(shares >= 0) and np.all(shares <= 1 + 1e-6)):
        raise ValueError("attention must be between 0 and 1")
    names = [visible(token) for token in tokens]
    chart = _chart(steps, curves, references or {})
    data = {
        "steps": list(steps),
        "curves": {name: [round(value, 3) for value in values] for name, values in curves.items()},
        "attention": shares.round(2).tolist(),
    }
    control = slider("Checkpoint", "checkpoint", 0, count - 1, 1, 0)
    written = "".join(f'<p class="idle">{escape(text)}</p>' for text in texts)
    controls = [
        f'<div class="controls">{control}</div>\n<output class="said"></output>\n<div class="both">',
        f'<div class="chart">{chart}</div>\n<div class="map"><p class="legend">One head: rows attend to columns</p>',
        f"{draw_map('Attention of one head', np.zeros_like(shares[0]), names, names)}</div></div>\n",
        f'<p class="legend">The model writes</p>\n<div class="writes">{written}</div>',
    ]
    return make_figure("training", chart + _still(steps, shares, names, texts), controls, data)


def _chart(steps: Sequence[int], curves: Mapping[str, Sequence[float]], references: Mapping[str, float]) -> str:
    """The curves over the checkpoints, with a mark for the one that is looked at."""
    highest = max([*references.values(), *(value for values in curves.values() for value in values)])
    base, end = TOP + HEIGHT, LEFT + WIDTH

    def x(number: int) -> float:
        return round(LEFT + WIDTH * number / (len(steps) - 1), 1)

    def y(value: float) -> float:
        return round(base - HEIGHT * value / highest, 1)

    parts = [f'<path d="M {LEFT} {TOP} V {base} H {end}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>']
    for nats in range(int(highest) + 1):
        parts.append(f'<text {TEXT} x="{LEFT - 6}" y="{y(float(nats)) + 4:.1f}" text-anchor="end">{nats}</text>')
    shown = dict.fromkeys(round((len(steps) - 1) * share / 4) for share in range(5))
    parts += [f'<text {TEXT} x="{x(at)}" y="{base + 18}" text-anchor="middle">{steps[at]}</text>' for at in shown]
    parts.append(f'<text {TEXT} x="{LEFT + WIDTH / 2:.0f}" y="{base + 36}" text-anchor="middle">steps</text>')
    for value in references.values():
        parts.append(
            f'<path d="M {LEFT} {y(value)} H {end}" stroke="currentColor" stroke-opacity="0.6" stroke-dasharray="1 3"/>'
        )
    for values, style in zip(curves.values(), STYLES, strict=False):
        points = " ".join(f"{x(at)},{y(value)}" for at, value in enumerate(values))
        parts.append(
            f'<polyline points="{points}" fill="none" {style} style="stroke: var(--pst-color-primary, #0072b2)"/>'
        )
    ends = {**references, **{name: values[-1] for name, values in curves.items()}}
    free = 0.0
    for name, value in sorted(ends.items(), key=lambda item: -item[1]):  # from the top, each clear of the one above
        free = max(free, y(value)) + 13
        parts.append(f'<text {TEXT} x="{end + 8}" y="{free - 9:.1f}">{escape(name)}</text>')
    parts.append(f'<path class="now" d="M {LEFT} {TOP} V {base}" stroke="currentColor" stroke-width="1.5"/>')
    title = f"{' and '.join(curves)} in nats per token at {len(steps)} checkpoints"
    return svg(title, end + RIGHT, base + BOTTOM, parts)


def _still(steps: Sequence[int], shares: np.ndarray, names: list[str], texts: Sequence[str]) -> str:
    """Attention and text at the first checkpoint, one in the middle, and the last."""
    parts = []
    for at in dict.fromkeys((0, (len(steps) - 1) // 2, len(steps) - 1)):
        drawn = draw_map(f"Attention after {steps[at]} steps", shares[at], names, names)
        parts.append(f"<p><b>After {steps[at]} steps</b></p>{drawn}<p>{escape(texts[at])}</p>")
    return "".join(parts)
