"""Tokens as chips: a text cut into its tokens, by one tokenizer after another."""

from collections.abc import Mapping, Sequence
from html import escape

from lmkit.book.interactive import InteractiveFigure, visible

BLUE, ORANGE = "rgba(0, 114, 178, 0.22)", "rgba(230, 159, 0, 0.28)"


def token_chips(rows: Mapping[str, Sequence[str]]) -> InteractiveFigure:
    """Show texts cut into tokens, neighbours in different colours.

    Args:
        rows: What to write above each row, and its tokens.

    Returns:
        The last value of a cell. Spaces and ends of lines are visible in it.

    Raises:
        ValueError: If there is no row, or a row has no token.

    Example:
        >>> figure = token_chips({"words": ["red", " kite"], "letters": [*"red"]})
        >>> "␣kite" in figure.html
        True
    """
    if not rows:
        raise ValueError("rows is empty: there is nothing to show")
    for name, tokens in rows.items():
        if not tokens:
            raise ValueError(f"rows[{name!r}] is empty: a row has at least one token")
    return InteractiveFigure(f'<div style="text-align: left">{draw_chips(rows)}</div>')


def draw_chips(rows: Mapping[str, Sequence[str]]) -> str:
    """Draw rows of chips, with styles of their own, so that they look the same without the book's."""
    paragraphs = []
    for name, tokens in rows.items():
        chips = (
            f'<span style="display: inline-block; margin: 1px; padding: 0 0.25em; border-radius: 3px; '
            f'background: {(BLUE, ORANGE)[index % 2]}">{escape(visible(token))}</span>'
            for index, token in enumerate(tokens)
        )
        paragraphs.append(
            f'<p style="margin: 0 0 0.6em"><b style="display: block">{escape(name)}</b>{"".join(chips)}</p>'
        )
    return "".join(paragraphs)


def written(token: bytes) -> str:
    """Write a token as text, or its bytes as two digits each where it holds part of a character.

    Example:
        >>> written(" 风".encode()), written("风".encode()[:2])
        ('␣风', 'E9-A3')
    """
    try:
        return visible(token.decode())
    except UnicodeDecodeError:
        return token.hex("-").upper()
