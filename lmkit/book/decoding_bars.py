"""A distribution of the next token: the reader moves temperature, top-k and top-p."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from lmkit.book.drawing import draw_bars
from lmkit.book.interactive import InteractiveFigure, make_figure, slider, visible


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
        raise ValueError(f"temperature={temperature} must be between 0.1 and 2")
    order = np.argsort(-scores, kind="stable")
    scores = scores[order].round(4)
    names = [visible(tokens[index]) for index in order[:shown]]
    names.append(f"{len(tokens) - shown:,} others")
    several = [*range(1, 21), 30, 40, 50, 100, 200, 500, 1000]
    data = {"logits": scores.tolist(), "k": [*(k for k in several if k < len(scores)), len(scores)]}
    controls = [
        f'<p class="prompt">{escape(prompt)} <strong>?</strong></p>' if prompt else "",
        '<div class="controls">',
        slider("Temperature", "temperature", 0.1, 2, 0.05, temperature),
        slider("Top-k", "k", 0, len(data["k"]) - 1, 1, len(data["k"]) - 1),
        slider("Top-p", "p", 0.05, 1, 0.05, 1),
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
    still = draw_bars(f"Probability of the next token at temperature {temperature:g}", names, heights)
    return make_figure("decoding", still, controls, data)
