"""One style for every figure: colours that colour-blind readers can tell apart, one per model family.

The colours are those of Okabe and Ito (2008). Figures are vector graphics on a white ground, so that
they read on a dark page and in print.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

__all__ = ["COLOURS", "MARKERS", "plot_lines", "plot_matrix", "use_style"]

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "world": "#000000",  # the truth: an entropy, a reference
        "ngram": "#E69F00",
        "lstm": "#009E73",
        "gpt": "#0072B2",
        "bert": "#D55E00",
        "encoder_decoder": "#CC79A7",
        "llama": "#56B4E9",
        "baseline": "#767676",
    }
)
"""The colour of each model family, the same on every page."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
"""Markers in the order in which :func:`plot_lines` uses them. Shape tells lines apart where colour cannot."""


def use_style() -> None:
    """Set the book's style for all figures that follow, and show them as SVG in a notebook.

    Example:
        >>> with plt.rc_context():
        ...     use_style()
        ...     print(plt.rcParams["axes.spines.top"])
        False
    """
    matplotlib.rcParams.update(
        {
            "axes.grid": True,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlesize": 11,
            "figure.constrained_layout.use": True,
            "figure.dpi": 110,
            "figure.facecolor": "white",
            "figure.figsize": (6.4, 3.6),
            "font.family": ["sans-serif"],
            "font.size": 11,
            "grid.alpha": 0.25,
            "legend.frameon": False,
            "lines.linewidth": 1.8,
            "lines.markersize": 5,
            "savefig.facecolor": "white",
            "svg.fonttype": "path",
            "svg.hashsalt": "lmkit",  # the same figure gives the same file
        }
    )
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
) -> None:
    """Draw labelled lines over one horizontal axis.

    Args:
        ax: Where to draw.
        x: Horizontal positions, shared by all lines.
        lines: The heights of each line, by its label; ``nan`` leaves a gap.
        xlabel: What the horizontal axis shows, with its unit.
        ylabel: What the vertical axis shows, with its unit.
        colours: A model family of :data:`COLOURS`, or any colour, by label; the default colours otherwise.
        errors: Half the height of an error band, by label.
        reference: Label and height of a dashed horizontal line, such as an entropy.

    Raises:
        ValueError: If a line's length differs from that of ``x``, or colours or errors name no line.

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
        (line,) = ax.plot(
            x, y, marker=MARKERS[number % len(MARKERS)], label=label, color=COLOURS.get(colour or "", colour)
        )
        if errors and label in errors:
            margin = np.asarray(errors[label], dtype=float)
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
) -> None:
    """Draw a matrix as a map of colours, with a name for every row and column.

    Args:
        ax: Where to draw.
        matrix: Rows from top to bottom.
        row_labels: One name per row.
        column_labels: One name per column.
        xlabel: What the columns are.
        ylabel: What the rows are.
        value_label: What the colours show, with its unit; drawn beside the colour bar.
        show_values: Also write each number into its square.

    Raises:
        ValueError: If the labels do not fit the matrix.

    Example:
        >>> figure, ax = plt.subplots()
        >>> plot_matrix(ax, [[1.0, 0.0], [0.5, 0.5]], row_labels=["the", "kite"], column_labels=["the", "kite"])
        >>> [label.get_text() for label in ax.get_xticklabels()]
        ['the', 'kite']
        >>> plt.close(figure)
    """
    values = np.asarray(matrix, dtype=float)
    if values.shape != (len(row_labels), len(column_labels)):
        raise ValueError(f"{len(row_labels)} row and {len(column_labels)} column labels for shape {values.shape}")
    image = ax.imshow(values, cmap="cividis", aspect="auto")
    ax.grid(False)
    ax.set_xticks(range(len(column_labels)), column_labels, rotation=90 if len(column_labels) > 8 else 0)
    ax.set_yticks(range(len(row_labels)), row_labels)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    plt.colorbar(image, ax=ax, label=value_label)
    if show_values:
        middle = (np.nanmin(values) + np.nanmax(values)) / 2
        for (row, column), value in np.ndenumerate(values):
            ax.text(column, row, f"{value:.2g}", ha="center", va="center", color="black" if value > middle else "white")
