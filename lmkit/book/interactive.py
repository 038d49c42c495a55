"""Figures that a reader of the book can move, without a server and without a network.

Each carries its data, a still picture, and controls that are hidden until the book's script
(``chapters/_sphinx/static/interactive.js``) brings them to life. JupyterLab, print and a browser without scripts
show the still picture.
"""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

CELL = 22
ROW = 24
BAR = 360
_TEXT = 'font-family="sans-serif" font-size="13" fill="currentColor"'
_INK = 'style="fill: var(--pst-color-primary, #0072b2)"'


@dataclass(frozen=True)
class InteractiveFigure:
    """What a notebook shows as HTML.

    Args:
        html: A fragment that needs nothing from elsewhere.

    Example:
        >>> InteractiveFigure("<p>Any HTML.</p>").html
        '<p>Any HTML.</p>'
    """

    html: str

    def _repr_html_(self) -> str:
        return self.html


def attention_map(
    weights: ArrayLike,
    tokens: Sequence[str],
    *,
    source_tokens: Sequence[str] | None = None,
    layer: int = 0,
    head: int = 0,
    token: int = -1,
) -> InteractiveFigure:
    """Show where each token attends; the reader chooses layer, head and token.

    The still picture is the map of the layer and head that are shown first. Readers see layers and heads counted
    from 1.

    Args:
        weights: Attention weights by layer, head, token and source token, the shape "L H T S".
        tokens: The tokens that attend.
        source_tokens: The tokens that are attended to, if they are others.
        layer: Index of the layer shown first.
        head: Index of the head shown first.
        token: Index of the token shown first.

    Returns:
        The last value of a cell.

    Raises:
        ValueError: If the tokens do not fit the weights, a weight is not a share, or an index is out of range.

    Example:
        >>> figure = attention_map([[[[1.0, 0.0], [0.5, 0.5]]]], ["the", " kite"])  # one layer, one head
        >>> "kite" in figure.html
        True
    """
    sources = tokens if source_tokens is None else source_tokens
    shares = np.asarray(weights, dtype=float)
    if shares.ndim != 4 or shares.shape[2:] != (len(tokens), len(sources)):
        raise ValueError(f"weights has shape {shares.shape}, but must be (L, H, {len(tokens)}, {len(sources)})")
    if not (np.all(shares >= 0) and np.all(shares <= 1 + 1e-6)):
        raise ValueError("weights must lie between 0 and 1")
    for name, index, length in zip(("layer", "head", "token"), (layer, head, token), shares.shape, strict=False):
        if not -length <= index < length:
            raise ValueError(f"{name}={index} is out of range: there are {length}")
    layer, head, token = layer % shares.shape[0], head % shares.shape[1], token % len(tokens)
    names, source_names = [_visible(text) for text in tokens], [_visible(text) for text in sources]
    data = {"weights": shares.round(3).tolist(), "tokens": names, "sources": source_names}
    group = f"token-{_digest(data)}"
    controls = [
        '<div class="controls">',
        _select("Layer", "layer", shares.shape[0], layer),
        _select("Head", "head", shares.shape[1], head),
        '</div>\n<fieldset class="tokens"><legend>From (choose a token)</legend>',
        *(
            f'<label><input type="radio" name="{group}" value="{index}"{" checked" if index == token else ""}>'
            f"<span>{escape(name)}</span></label>"
            for index, name in enumerate(names)
        ),
        '</fieldset>\n<p class="legend">To</p>\n<ul class="tokens" aria-label="To">',
        *(f'<li><span>{escape(name)}</span> <span class="number"></span></li>' for name in source_names),
        '</ul>\n<output class="said"></output>',
    ]
    title = f"Attention weights of layer {layer + 1}, head {head + 1}"
    return _figure("attention", _draw_map(title, shares[layer, head], names, source_names), controls, data)


def decoding_bars(
    logits: ArrayLike, tokens: Sequence[str], *, prompt: str = "", shown: int | None = None, temperature: float = 1.0
) -> InteractiveFigure:
    """Show a distribution of the next token; the reader moves temperature, top-k and top-p.

    They mean what they mean in :func:`lmkit.generation.top_p`: first the temperature, then the ``k`` most probable
    tokens, then the most probable ones that together have at least ``p``. The still picture is the distribution
    at the first temperature, with nothing cut.

    Args:
        logits: Unnormalised log-probabilities of all tokens of the vocabulary, the shape "V".
        tokens: The text of each token.
        prompt: What stands before the next token.
        shown: How many of the most probable tokens get a bar of their own; the others share one. By default
            15, or all but one in a smaller vocabulary.
        temperature: Between 0.1 and 2; shown first.

    Returns:
        The last value of a cell.

    Raises:
        ValueError: If the tokens do not fit the logits, a logit is not finite, or a number is out of range.

    Example:
        >>> figure = decoding_bars([2.0, 1.0, 0.0], ["kite", "drum", "bell"], prompt="The")
        >>> "drum" in figure.html
        True
    """
    scores = np.asarray(logits, dtype=float)
    if scores.shape != (len(tokens),):
        raise ValueError(f"logits has shape {scores.shape}, but must be ({len(tokens)},): one for each token")
    if not np.isfinite(scores).all():
        raise ValueError("logits must be finite")
    shown = min(15, len(tokens) - 1) if shown is None else shown
    if not 1 <= shown < len(tokens):
        raise ValueError(f"shown={shown} must be at least 1 and less than the {len(tokens)} tokens")
    if not 0.1 <= temperature <= 2:
        raise ValueError(f"temperature={temperature} must lie between 0.1 and 2")
    order = np.argsort(-scores, kind="stable")
    scores = scores[order].round(4)
    names = [_visible(tokens[index]) for index in order[:shown]]
    names.append(f"{len(tokens) - shown:,} others")
    several = [*range(1, 21), 30, 40, 50, 100, 200, 500, 1000]
    data = {"logits": scores.tolist(), "k": [*(k for k in several if k < len(scores)), len(scores)]}
    controls = [
        f'<p class="prompt">{escape(prompt)} <strong>?</strong></p>' if prompt else "",
        '<div class="controls">',
        _slider("Temperature", "temperature", 0.1, 2, 0.05, temperature),
        _slider("Top-k", "k", 0, len(data["k"]) - 1, 1, len(data["k"]) - 1),
        _slider("Top-p", "p", 0.05, 1, 0.05, 1),
        '</div>\n<ul class="bars" aria-label="Next token">',
        *(
            f'<li><span class="token">{escape(name)}</span> <span class="bar"></span> <span class="number"></span></li>'
            for name in names
        ),
        '</ul>\n<output class="said"></output>',
    ]
    powers = np.exp((scores - scores[0]) / temperature)
    shares = powers / powers.sum()
    heights = [*shares[:shown], shares[shown:].sum()]
    still = _draw_bars(f"Probability of the next token at temperature {temperature:g}", names, heights)
    return _figure("decoding", still, controls, data)


def _figure(kind: str, still: str, controls: list[str], data: dict[str, Any]) -> InteractiveFigure:
    # A "<" inside a script could end it.
    inline = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return InteractiveFigure(
        f'<div class="interactive" data-figure="{kind}">\n<div class="still">{still}</div>\n'
        f'<div class="live" hidden>{"".join(controls)}</div>\n<script type="application/json">{inline}</script>\n</div>'
    )


def _select(label: str, name: str, length: int, chosen: int) -> str:
    options = "".join(
        f'<option value="{index}"{" selected" if index == chosen else ""}>{index + 1}</option>'
        for index in range(length)
    )
    return f'<label>{label} <select data-choice="{name}">{options}</select></label>'


def _slider(label: str, name: str, least: float | int, most: int, step: float | int, value: float | int) -> str:
    return (
        f'<label><span>{label}</span> <input type="range" data-choice="{name}" '
        f'min="{least}" max="{most}" step="{step}" value="{value}"> <span class="value"></span></label>'
    )


def _draw_map(title: str, shares: np.ndarray, rows: list[str], columns: list[str]) -> str:
    left, top = _width(rows) + 10, _width(columns) + 10
    width, height = CELL * len(columns), CELL * len(rows)
    parts = [
        f'<text {_TEXT} x="{left - 6}" y="{top + CELL * row + 16}" text-anchor="end">{escape(name)}</text>'
        for row, name in enumerate(rows)
    ]
    parts += [
        f'<text {_TEXT} transform="translate({left + CELL * column + 16} {top - 6}) rotate(-90)">{escape(name)}</text>'
        for column, name in enumerate(columns)
    ]
    parts += [
        f'<rect {_INK} x="{left + CELL * column}" y="{top + CELL * row}" width="{CELL}" height="{CELL}" '
        f'fill-opacity="{share:.2f}"/>'
        for (row, column), share in np.ndenumerate(shares)
        if share >= 0.005
    ]
    parts.append(
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="currentColor" '
        'stroke-opacity="0.5"/>'
    )
    return _svg(f"{title}: rows attend to columns.", left + width + 2, top + height + 2, parts)


def _draw_bars(title: str, names: list[str], shares: list[float]) -> str:
    left = _width(names) + 10
    longest = max(shares)
    parts = [
        f'<text {_TEXT} x="{left - 6}" y="{ROW * row + 17}" text-anchor="end">{escape(name)}</text>'
        f'<rect {_INK} x="{left}" y="{ROW * row + 4}" width="{BAR * share / longest:.1f}" height="{ROW - 8}"/>'
        f'<text {_TEXT} x="{left + BAR * share / longest + 6:.1f}" y="{ROW * row + 17}">{100 * share:.1f} %</text>'
        for row, (name, share) in enumerate(zip(names, shares, strict=True))
    ]
    return _svg(f"{title}.", left + BAR + 60, ROW * len(names), parts)


def _svg(title: str, width: int, height: int, parts: list[str]) -> str:
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}">{"".join(parts)}</svg>'
    )


def _visible(text: str) -> str:
    """Make spaces and ends of lines visible."""
    return text.replace(" ", "␣").replace("\n", "⏎") or "∅"


def _width(names: list[str]) -> int:
    """Room in pixels that the longest name needs, at least."""
    widths = [sum(14 if unicodedata.east_asian_width(sign) in "FW" else 8 for sign in name) for name in names]
    return max(widths)


def _digest(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()[:8]
