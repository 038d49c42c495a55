"""A map of attention: the reader chooses layer, head and token."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from lmkit.book.drawing import draw_map
from lmkit.book.interactive import InteractiveFigure, digest, make_figure, select, visible


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
        raise ValueError("weights must be between 0 and 1")
    for name, index, length in zip(("layer", "head", "token"), (layer, head, token), shares.shape, strict=False):
        if not -length <= index < length:
            raise ValueError(f"{name}={index} is out of range: there are {length}")
    layer, head, token = layer % shares.shape[0], head % shares.shape[1], token % len(tokens)
    names, source_names = [visible(text) for text in tokens], [visible(text) for text in sources]
    data = {"weights": shares.round(3).tolist(), "tokens": names, "sources": source_names}
    group = f"token-{digest(data)}"
    controls = [
        '<div class="controls">',
        select("Layer", "layer", shares.shape[0], layer),
        select("Head", "head", shares.shape[1], head),
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
    return make_figure("attention", draw_map(title, shares[layer, head], names, source_names), controls, data)
