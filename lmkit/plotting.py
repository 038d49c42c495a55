"""The book's figure style: one colour per model family, distinguishable for colour-blind readers.

The colours are those of Okabe and Ito (2008). Figures are vector graphics on a white background, so they are legible
on a dark page and in print.
"""

import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

__all__ = ["COLOURS", "MARKERS", "plot_lines", "plot_matrix", "use_style"]

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "world": "#000000",  # true values, such as an entropy
        "ngram": "#E69F00",
        "lstm": "#009E73",
        "gpt": "#0072B2",
        "bert": "#D55E00",
        "encoder_decoder": "#CC79A7",
        "llama": "#56B4E9",
        "baseline": "#767676",
    }
)
"""The colour of each model family on every page."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
"""Markers in the order in which :func:`plot_lines` uses them, so that lines differ by more than their colour."""


CYCLE = ("gpt", "ngram", "lstm", "encoder_decoder", "llama", "bert", "baseline")
"""The order of the colours of lines that are not about models."""


def use_style() -> None:
    """Apply the book's style to all later figures, and show them as SVG in a notebook.

    Example:
        >>> with plt.rc_context():
        ...     use_style()
        ...     print(plt.rcParams["axes.spines.top"])
        False
    """
    matplotlib.rcParams.update(
        {
            "axes.grid": True,
            "axes.prop_cycle": cycler(color=[COLOURS[name] for name in CYCLE]),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlesize": 11,
            "figure.constrained_layout.use": True,
            "figure.constrained_layout.w_pad": 0.08,  # inches
            "figure.dpi": 110,
            "figure.facecolor": "white",
            "figure.figsize": (6.4, 3.6),
            "font.family": ["sans-serif"],
            "font.size": 11,
            "grid.alpha": 0.25,
            "legend.edgecolor": "none",
            "legend.framealpha": 0.85,  # a line behind the text fades
            "lines.linewidth": 1.8,
            "lines.markersize": 5,
            "savefig.facecolor": "white",
            "svg.fonttype": "path",
            "svg.hashsalt": "lmkit",  # makes the files reproducible
        }
    )
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython():  # otherwise it would make a shell
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg", metadata={"Date": None})


def plot_lines(
    ax: Axes,
    x: ArrayLike,
    lines: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
    colours: Mapping[str, str] | None = None,
    errors: Mapping[str, ArrayLike] | None = None,
    reference: tuple[str, float] | None = None,
    markers: bool = True,
) -> None:
    """Plot labelled lines against a common x axis.

    Args:
        ax: The axes to draw on.
        x: The x values, shared by all lines.
        lines: The y values of each line, by label; ``nan`` leaves a gap.
        xlabel: Quantity and unit of the x axis.
        ylabel: Quantity and unit of the y axis.
        colours: By label, a model family of :data:`COLOURS` or any Matplotlib colour; by default the style's cycle.
        errors: By label, half the height of an error band.
        reference: Label and y value of a dashed horizontal line, such as an entropy.
        markers: Whether each point has a marker.

    Raises:
        ValueError: If a line or its errors differ in shape from ``x``, or colours or errors name no line.

    Example:
        >>> figure, ax = plt.subplots()
        >>> plot_lines(ax, [1, 2, 3], {"GPT": [4.0, 3.1, 2.8]}, xlabel="epoch", ylabel="loss in nats")
        >>> ax.get_ylabel()
        'loss in nats'
        >>> plt.close(figure)
    """
    x = np.asarray(x)
    for given in (colours, errors):
        if unknown := set(given or ()) - set(lines):
            raise ValueError(f"{sorted(unknown)} are not among the lines {sorted(lines)}")
    for number, (label, heights) in enumerate(lines.items()):
        y = np.asarray(heights, dtype=float)
        if y.shape != x.shape:
            raise ValueError(f"line {label!r} has shape {y.shape}, but x has shape {x.shape}")
        colour = (colours or {}).get(label)
        marker = MARKERS[number % len(MARKERS)] if markers else None
        (line,) = ax.plot(x, y, marker=marker, label=label, color=COLOURS.get(colour or "", colour))
        if errors and label in errors:
            margin = np.asarray(errors[label], dtype=float)
            if margin.shape != x.shape:
                raise ValueError(f"errors of {label!r} have shape {margin.shape}, but x has shape {x.shape}")
            ax.fill_between(x, y - margin, y + margin, color=line.get_color(), alpha=0.2, linewidth=0)
    if reference is not None:
        ax.axhline(reference[1], color=COLOURS["world"], linestyle="--", linewidth=1.2, label=reference[0])
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()


def plot_matrix(
    ax: Axes,
    matrix: ArrayLike,
    *,
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    xlabel: str = "",
    ylabel: str = "",
    value_label: str = "",
    show_values: bool = False,
    value_format: str = ".2g",
    limits: tuple[float, float] | None = None,
) -> None:
    """Draw a matrix as a heat map with labelled rows and columns.

    Args:
        ax: The axes to draw on.
        matrix: The values, first row on top.
        row_labels: One label per row.
        column_labels: One label per column.
        xlabel: What the columns are.
        ylabel: What the rows are.
        value_label: Quantity and unit of the values, shown beside the colour bar.
        show_values: Whether to write each value into its cell.
        value_format: How it is written, a format of Python.
        limits: The values at the ends of the colour bar, to compare matrices; by default the matrix's own extremes.

    Raises:
        ValueError: If the number of labels does not match the shape of the matrix.

    Example:
        >>> figure, ax = plt.subplots()
        >>> plot_matrix(ax, [[1.0, 0.0], [0.5, 0.5]], row_labels=["the", "kite"], column_labels=["the", "kite"])
        >>> [label.get_text() for label in ax.get_xticklabels()]
        ['the', 'kite']
        >>> plt.close(figure)
    """
    values = np.asarray(matrix, dtype=float)
    if values.shape != (len(row_labels), len(column_labels)):
        raise ValueError(
            f"matrix has shape {values.shape}, but there are {len(row_labels)} row labels "
            f"and {len(column_labels)} column labels"
        )
    low, high = limits or (None, None)
    image = ax.imshow(values, cmap="cividis", aspect="auto", vmin=low, vmax=high)
    ax.grid(False)
    ax.set_xticks(range(len(column_labels)), column_labels, rotation=90 if len(column_labels) > 8 else 0)
    ax.set_yticks(range(len(row_labels)), row_labels)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    plt.colorbar(image, ax=ax, label=value_label)
    if show_values:
        colours = image.to_rgba(values)
        for (row, column), value in np.ndenumerate(values):
            text = f"{value:{value_format}}".replace("-", "\N{MINUS SIGN}")
            ax.text(column, row, text, ha="center", va="center", color=_legible_on(colours[row, column]))


def _legible_on(colour: ArrayLike) -> str:
    """Return black or white, whichever has more contrast with a colour.

    Luminance and contrast are those of the Web Content Accessibility Guidelines 2.1, which are equal at 0.179.
    """
    channels = np.asarray(colour, dtype=float)[:3]
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return "black" if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else "white"
