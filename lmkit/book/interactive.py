"""The frame of figures that a reader of the book can move, without a server and without a network.

Each figure carries its data, a still picture, and controls that are hidden until the book's scripts bring them to life:
``chapters/_sphinx/static/interactive.js`` is the frame's, and each kind of figure has one of its own. JupyterLab, print
and a browser without scripts show the still picture.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any


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


def make_figure(kind: str, still: str, controls: list[str], data: dict[str, Any]) -> InteractiveFigure:
    """Put still picture, controls and data into the frame; ``kind`` names the script's function."""
    # A "<" inside a script could end it.
    inline = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return InteractiveFigure(
        f'<div class="interactive" data-figure="{kind}">\n<div class="still">{still}</div>\n'
        f'<div class="live" hidden>{"".join(controls)}</div>\n<script type="application/json">{inline}</script>\n</div>'
    )


def select(label: str, name: str, length: int, chosen: int) -> str:
    """A choice among the numbers from 1 on."""
    options = "".join(
        f'<option value="{index}"{" selected" if index == chosen else ""}>{index + 1}</option>'
        for index in range(length)
    )
    return f'<label>{label} <select data-choice="{name}">{options}</select></label>'


def slider(label: str, name: str, least: float | int, most: int, step: float | int, value: float | int) -> str:
    """A slider with its value beside it."""
    return (
        f'<label><span>{label}</span> <input type="range" data-choice="{name}" '
        f'min="{least}" max="{most}" step="{step}" value="{value}"> <span class="value"></span></label>'
    )


def visible(text: str) -> str:
    """Make spaces and ends of lines visible."""
    return text.replace(" ", "␣").replace("\n", "⏎") or "∅"


def digest(data: dict[str, Any]) -> str:
    """A short name for data, to keep figures on one page apart."""
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()[:8]
