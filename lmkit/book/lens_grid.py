"""A grid of what a model would predict at each depth: the reader chooses a cell and sees it beside the truth."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from lmkit.book.drawing import INK, TEXT, svg, text_width
from lmkit.book.interactive import InteractiveFigure, digest, make_figure, visible

SHOWN = 5
"""Bars of a distribution."""
ROW = 22


def lens_grid(
    probabilities: ArrayLike,
    read: Sequence[str],
    tokens: Sequence[str],
    *,
    truth: ArrayLike,
    position: int = -1,
    depth: int = -1,
) -> InteractiveFigure:
    """Show the likeliest next token at each position and depth; the reader chooses a cell.

    For the chosen cell there are bars of the distribution that is read there, and of the true one. The still picture
    is the grid.

    Args:
        probabilities: Of the next token, by depth, position and token of the vocabulary, the shape "Z T V"; depth 0 is
            the embedding, the others are layers. From :func:`lmkit.interpretability.logit_lens`, with a softmax.
        read: What the model has read last, at each position.
        tokens: The text of each token of the vocabulary.
        truth: The true probabilities by position and token, the shape "T V".
        position: Index of the position shown first.
        depth: Index of the depth shown first.

    Returns:
        The last value of a cell.

    Raises:
        ValueError: If shapes do not fit, a distribution does not sum to 1, or an index is out of range.

    Example:
        >>> figure = lens_grid(
        ...     [[[0.9, 0.1]], [[0.2, 0.8]]], ["red"], ["red", " kite"], truth=[[0.0, 1.0]]
        ... )  # the embedding and one layer, one position
        >>> figure.html.count('type="radio"')
        2
    """
    shares, exact = np.asarray(probabilities, dtype=float), np.asarray(truth, dtype=float)
    if shares.ndim != 3 or shares.shape[1:] != (len(read), len(tokens)):
        raise ValueError(f"probabilities has shape {shares.shape}, but must be (Z, {len(read)}, {len(tokens)})")
    if exact.shape != shares.shape[1:]:
        raise ValueError(f"truth has shape {exact.shape}, but must be {shares.shape[1:]}")
    for name, values in (("probabilities", shares), ("truth", exact)):
        if not (np.all(values >= 0) and np.allclose(values.sum(axis=-1), 1, atol=1e-4)):
            raise ValueError(f"{name} must be distributions: not negative, with the sum 1")
    for name, index, length in (("position", position, len(read)), ("depth", depth, len(shares))):
        if not -length <= index < length:
            raise ValueError(f"{name}={index} is out of range: there are {length}")
    cells = [[_best(row, tokens) for row in rows] for rows in shares.swapaxes(0, 1)]
    truths = [_best(row, tokens) for row in exact]
    data = {
        "cells": cells,
        "truths": truths,
        "nats": _divergence(shares, exact).T.round(3).tolist(),
        "read": [visible(text) for text in read],
        "depths": ["embedding", *(f"layer {number}" for number in range(1, len(shares)))],
    }
    chosen = position % len(read) * len(shares) + depth % len(shares)
    return make_figure("lens", _still(data), _controls(data, chosen), data)


def _best(row: np.ndarray, tokens: Sequence[str]) -> list[list[str | float]]:
    """The most probable tokens with their probabilities; none that is impossible."""
    order = np.argsort(-row, kind="stable")[:SHOWN]
    return [[visible(tokens[index]), round(float(row[index]), 4)] for index in order if row[index] > 0]


def _divergence(shares: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """Kullback-Leibler divergence in nats from the truth to each cell, by depth and position."""
    possible = exact > 0
    logs = np.log(np.where(possible, exact, 1)) - np.log(np.where(possible, np.maximum(shares, 1e-300), 1))
    return (exact * logs).sum(axis=-1)


def _controls(data: dict, chosen: int) -> list[str]:
    group = f"cell-{digest(data)}"
    heads = "".join(f'<th scope="col">{name}</th>' for name in (*data["depths"], "the truth"))
    rows = []
    for at, (name, cells, best) in enumerate(zip(data["read"], data["cells"], data["truths"], strict=True)):
        labels = "".join(
            f'<td style="--share: {cell[0][1]}"><label><input type="radio" name="{group}" value="{number}" '
            f'aria-label="{escape(name)}, {depth}: {escape(cell[0][0])}"{" checked" if number == chosen else ""}>'
            f"<span>{escape(cell[0][0])}</span></label></td>"
            for number, (depth, cell) in enumerate(zip(data["depths"], cells, strict=True), at * len(cells))
        )
        rows.append(
            f'<tr><th scope="row">{escape(name)}</th>{labels}'
            f'<td style="--share: {best[0][1]}"><span>{escape(best[0][0])}</span></td></tr>'
        )
    bar = '<li><span class="token"></span> <span class="bar"></span> <span class="number"></span></li>'
    return [
        '<fieldset class="lens"><legend>Read last, and the likeliest next token (choose a cell)</legend><table>',
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></fieldset>",
        '<output class="said"></output><div class="both">',
        *(
            f'<div><p class="legend">{legend}</p><ul class="bars" aria-label="{label}">{bar * SHOWN}</ul></div>'
            for legend, label in (('<span class="where"></span>', "Read here"), ("The truth", "The truth"))
        ),
        "</div>",
    ]


def _still(data: dict) -> str:
    columns = [*zip(*data["cells"], strict=True), data["truths"]]
    heads = [*data["depths"], "the truth"]
    left = text_width([*data["read"]]) + 12
    width = text_width([*heads, *(cell[0][0] for column in columns for cell in column)]) + 8
    parts = [f'<text {TEXT} x="{left + width * place + 4}" y="16">{name}</text>' for place, name in enumerate(heads)]
    for row, name in enumerate(data["read"], 1):
        parts.append(f'<text {TEXT} x="{left - 6}" y="{ROW * row + 16}" text-anchor="end">{escape(name)}</text>')
        for place, column in enumerate(columns):
            token, share = column[row - 1][0]
            x, y = left + width * place, ROW * row
            parts.append(
                f'<rect {INK} x="{x}" y="{y}" width="{width - 2}" height="{ROW - 2}" fill-opacity="{share / 2:.2f}"/>'
                f'<text {TEXT} x="{x + 4}" y="{y + 16}">{escape(token)}</text>'
            )
    title = "The likeliest next token by position and depth, and the true one"
    return svg(title, left + width * len(columns), ROW * (len(data["read"]) + 1), parts)
