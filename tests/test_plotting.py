import math
import sys
from types import SimpleNamespace
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib_inline import backend_inline

from lmkit.plotting import COLOURS, plot_lines, plot_matrix, use_style

mpl.use("svg")


@pytest.fixture
def ax():
    with mpl.rc_context():
        use_style()
        fig, ax = plt.subplots()
        yield ax
        plt.close(fig)


@pytest.mark.parametrize("shell", [None, "a shell"])
def test_figures_are_set_to_svg_where_a_shell_shows_them(monkeypatch, shell):
    """Outside of one, the function would make one, with a database of its history."""
    told = []
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(backend_inline, "set_matplotlib_formats", lambda *formats, **options: told.append(formats))
    with mpl.rc_context():
        use_style()
    assert told == ([("svg",)] if shell else [])


def relative_luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return np.dot(linear, (0.2126, 0.7152, 0.0722))


def test_no_two_families_share_a_colour_and_all_show_on_white():
    assert len(set(COLOURS.values())) == len(COLOURS)
    for colour in COLOURS.values():
        assert (1.05) / (relative_luminance(colour) + 0.05) > 2  # lines; WCAG's 3:1 would exclude Okabe-Ito's orange


def test_the_style_shows_a_grid_and_only_the_axes_that_are_read(ax):
    assert all(line.get_visible() for line in [*ax.get_xgridlines(), *ax.get_ygridlines()])
    assert {side for side, spine in ax.spines.items() if spine.get_visible()} == {"left", "bottom"}


def test_lines_carry_their_data_colours_and_labels(ax):
    plot_lines(
        ax,
        [1, 2, 3],
        {"trigram": [3, 2, math.nan], "GPT": [2, 1, 0.5]},
        xlabel="n",
        ylabel="loss (nats per token)",
        colours={"trigram": "ngram", "GPT": "gpt"},
        errors={"GPT": [0.1, 0.1, 0.1]},
        reference=("entropy", 0.4),
    )
    trigram, gpt, entropy = ax.lines
    assert gpt.get_ydata().tolist() == [2, 1, 0.5]
    assert (trigram.get_color(), gpt.get_color()) == (COLOURS["ngram"], COLOURS["gpt"])
    assert set(entropy.get_ydata()) == {0.4}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["trigram", "GPT", "entropy"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("n", "loss (nats per token)")
    assert trigram.get_marker() != gpt.get_marker()
    assert len(ax.collections) == 1


def test_a_matrix_is_drawn_with_its_first_row_on_top(ax):
    labels = {"xlabel": "key", "ylabel": "query", "value_label": "weight"}
    plot_matrix(ax, [[0, 1, 2], [3, 4, 5]], row_labels="ab", column_labels="xyz", show_values=True, **labels)
    assert ax.images[0].get_array().tolist() == [[0, 1, 2], [3, 4, 5]]
    assert ax.yaxis_inverted()
    assert [text.get_text() for text in ax.texts] == list("012345")
    assert [label.get_text() for label in ax.get_xticklabels()] == list("xyz")
    assert [label.get_text() for label in ax.get_yticklabels()] == list("ab")
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.figure.axes[1].get_ylabel()) == ("key", "query", "weight")


def test_a_matrix_has_numbers_in_its_squares_only_if_asked(ax):
    plot_matrix(ax, [[0, 1]], row_labels="a", column_labels="xy")
    assert not ax.texts


def test_numbers_in_squares_are_written_as_asked_and_legible(ax):
    matrix = [[0.0, -0.234], [0.5, 1.0]]
    plot_matrix(
        ax, matrix, row_labels="ab", column_labels="xy", show_values=True, value_format=".1f", limits=(-1.0, 2.0)
    )
    assert [text.get_text() for text in ax.texts] == ["0.0", "\N{MINUS SIGN}0.2", "0.5", "1.0"]
    assert ax.images[0].get_clim() == (-1, 2)
    for text, value in zip(ax.texts, np.ravel(matrix), strict=True):
        there, own = (relative_luminance(c[:3]) for c in (ax.images[0].to_rgba(value), to_rgb(text.get_color())))
        assert (max(there, own) + 0.05) / (min(there, own) + 0.05) > 4.5


def test_lines_have_no_markers_in_the_figure_and_its_legend_if_asked(ax):
    plot_lines(ax, [0, 1], {"a": [0, 1]}, xlabel="x", ylabel="y", markers=False)
    assert {line.get_marker() for line in [*ax.lines, *ax.get_legend().get_lines()]} == {"None"}


def test_lines_about_other_things_than_models_have_the_books_colours_too(ax):
    plot_lines(ax, [0, 1], {name: [0, 1] for name in "abcdefg"}, xlabel="x", ylabel="y")
    assert {line.get_color() for line in ax.lines} == {*COLOURS.values()} - {COLOURS["world"]}


def test_the_same_figure_gives_the_same_svg(tmp_path):
    files = [tmp_path / "one.svg", tmp_path / "two.svg"]
    with mpl.rc_context():
        use_style()
        for file in files:
            fig, ax = plt.subplots()
            plot_lines(ax, [0, 1], {"a": [0, 1]}, xlabel="x", ylabel="y")
            fig.savefig(file, metadata={"Date": None})
            plt.close(fig)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert ElementTree.parse(files[0]).getroot().tag.endswith("svg")


def test_bad_arguments_are_named(ax):
    with pytest.raises(ValueError, match=r"line 'a' has shape \(3,\), but x has shape \(2,\)"):
        plot_lines(ax, [0, 1], {"a": [0, 1, 2]}, xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match=r"errors of 'a' have shape \(3,\), but x has shape \(2,\)"):
        plot_lines(ax, [0, 1], {"a": [0, 1]}, xlabel="x", ylabel="y", errors={"a": [1, 1, 1]})
    with pytest.raises(ValueError, match=r"\['b'\] are not among the lines \['a'\]"):
        plot_lines(ax, [0, 1], {"a": [0, 1]}, xlabel="x", ylabel="y", colours={"b": "gpt"})
    with pytest.raises(ValueError, match=r"matrix has shape \(2, 2\), but there are 1 row labels and 2 column labels"):
        plot_matrix(ax, [[0, 1], [2, 3]], row_labels="a", column_labels="xy")
