"""Rotary positions as hands of clocks: the reader moves the distance and sees which angles training never showed."""

import math

from lmkit.book.drawing import TEXT, svg
from lmkit.book.interactive import InteractiveFigure, make_figure, slider

RADIUS, SIZE, ROW = 40, 100, 4


def angle_clocks(d: int, *, trained: int, longest: int, base: float = 10000.0) -> InteractiveFigure:
    r"""Show the angle of each pair of columns between a query and a key; the reader moves their distance.

    Pair $j$ of $d / 2$ turns by $\mathrm{base}^{-2(j-1)/d}$ radians per position. The arc of the angles at distances
    below ``trained`` is marked; a pair that turns at least once within it has seen them all. The still picture shows
    the longest distance.

    Args:
        d: Number of columns of a head, even.
        trained: Number of tokens in training, so that ``trained - 1`` is the longest distance that it showed.
        longest: The longest distance that can be chosen.
        base: The base of the frequencies.

    Returns:
        The last value of a cell.

    Raises:
        ValueError: If the columns do not form pairs, or the lengths are out of order.

    Example:
        >>> figure = angle_clocks(16, trained=32, longest=255)
        >>> figure.html.count('class="hand"')  # one for each of eight pairs, live and still
        16
    """
    if d < 2 or d % 2:
        raise ValueError(f"d={d} must be even and at least 2: columns form pairs")
    if not 2 <= trained <= longest:
        raise ValueError(f"trained={trained} must be at least 2 and at most longest={longest}")
    speeds = [base ** (-2 * pair / d) for pair in range(d // 2)]
    arcs = [min((trained - 1) * speed, 2 * math.pi) for speed in speeds]
    clocks = "".join(
        f'<li><svg viewBox="-50 -50 100 100" aria-hidden="true">{_clock(arc, 0.0)}</svg> '
        f'<span class="pair">pair {pair}</span> <span class="number"></span></li>'
        for pair, arc in enumerate(arcs, 1)
    )
    controls = [
        f'<div class="controls">{slider("Distance", "distance", 0, longest, 1, trained - 1)}</div>',
        f'<ul class="clocks" aria-label="Angle of each pair">{clocks}</ul>',
        '<output class="said"></output>',
    ]
    data = {"speeds": speeds, "arcs": arcs, "trained": trained}
    return make_figure("clocks", _still(speeds, arcs, longest), controls, data)


def is_new(angle: float, arc: float) -> bool:
    """Whether an angle in radians is outside the arc from zero that training showed.

    Example:
        >>> is_new(0.5, arc=0.4), is_new(0.5 + 2 * math.pi, arc=0.6)
        (True, False)
    """
    return arc < 2 * math.pi and angle % (2 * math.pi) > arc + 1e-9


def _clock(arc: float, angle: float) -> str:
    """A dial with the arc that training showed and a hand, counterclockwise from the right as in the formulas."""
    end = f"{RADIUS * math.cos(arc):.2f} {-RADIUS * math.sin(arc):.2f}"
    seen = (
        f'<circle r="{RADIUS}" class="seen"/>'
        if arc >= 2 * math.pi
        else f'<path d="M {RADIUS} 0 A {RADIUS} {RADIUS} 0 {int(arc > math.pi)} 0 {end}" class="seen"/>'
    )
    hand = f'<line x2="{RADIUS - 6}" class="hand" transform="rotate({-math.degrees(angle):.2f})"/>'
    return f'<g class="clock" fill="none" stroke="currentColor"><circle r="{RADIUS}" class="dial"/>{seen}{hand}</g>'


def _still(speeds: list[float], arcs: list[float], distance: int) -> str:
    parts = []
    for number, (speed, arc) in enumerate(zip(speeds, arcs, strict=True)):
        x, y = SIZE * (number % ROW) + 50, (SIZE + 20) * (number // ROW) + 50
        angle = distance * speed
        told = f"pair {number + 1}{': new' if is_new(angle, arc) else ''}"
        parts.append(
            f'<g transform="translate({x} {y})">{_clock(arc, angle)}'
            f'<text {TEXT} y="62" text-anchor="middle">{told}</text></g>'
        )
    rows = math.ceil(len(speeds) / ROW)
    return svg(
        f"Angle of each pair, {distance} positions apart", SIZE * min(ROW, len(speeds)), (SIZE + 20) * rows, parts
    )
