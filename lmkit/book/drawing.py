"""The still pictures of the interactive figures, as SVG: a map of shares and a row of bars."""

import unicodedata
from html import escape

import numpy as np

CELL = 22
ROW = 24
BAR = 360
TEXT = 'font-family="sans-serif" font-size="13" fill="currentColor"'
INK = 'style="fill: var(--pst-color-primary, #0072b2)"'


def draw_map(title: str, shares: np.ndarray, rows: list[str], columns: list[str]) -> str:
    """Draw shares by row and column, the larger the darker."""
    left, top = text_width(rows) + 10, text_width(columns) + 10
    width, height = CELL * len(columns), CELL * len(rows)
    parts = [
        f'<text {TEXT} x="{left - 6}" y="{top + CELL * row + 16}" text-anchor="end">{escape(name)}</text>'
        for row, name in enumerate(rows)
    ]
    parts += [
        f'<text {TEXT} transform="translate({left + CELL * column + 16} {top - 6}) rotate(-90)">{escape(name)}</text>'
        for column, name in enumerate(columns)
    ]
    parts += [
        f'<rect {INK} x="{left + CELL * column}" y="{top + CELL * row}" width="{CELL}" height="{CELL}" '
        f'fill-opacity="{share:.2f}"/>'
        for (row, column), share in np.ndenumerate(shares)
        if share >= 0.005
    ]
    parts.append(
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="currentColor" '
        'stroke-opacity="0.5"/>'
    )
    return svg(f"{title}: rows attend to columns.", left + width + 2, top + height + 2, parts)


def draw_bars(title: str, names: list[str], shares: list[float]) -> str:
    """Draw shares as bars with their names and percentages."""
    left = text_width(names) + 10
    longest = max(shares)
    parts = [
        f'<text {TEXT} x="{left - 6}" y="{ROW * row + 17}" text-anchor="end">{escape(name)}</text>'
        f'<rect {INK} x="{left}" y="{ROW * row + 4}" width="{BAR * share / longest:.1f}" height="{ROW - 8}"/>'
        f'<text {TEXT} x="{left + BAR * share / longest + 6:.1f}" y="{ROW * row + 17}">{100 * share:.1f} %</text>'
        for row, (name, share) in enumerate(zip(names, shares, strict=True))
    ]
    return svg(f"{title}.", left + BAR + 60, ROW * len(names), parts)


def svg(title: str, width: int, height: int, parts: list[str]) -> str:
    """Put parts into a picture with a title for those who cannot see it."""
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}">{"".join(parts)}</svg>'
    )


def text_width(names: list[str]) -> int:
    """Room in pixels that the longest name needs, at least."""
    widths = [sum(14 if unicodedata.east_asian_width(sign) in "FW" else 8 for sign in name) for name in names]
    return max(widths)
