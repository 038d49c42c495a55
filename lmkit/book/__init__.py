"""What the pages of the book use: values, claims and experiments in the text, figures that a reader can move.

Runs without Jupyter Book.
"""

from lmkit.book.claims import Claim, claim
from lmkit.book.experiments import Experiment, load_experiment, save_experiment
from lmkit.book.interactive import InteractiveFigure, attention_map, decoding_bars
from lmkit.book.recording import glue

__all__ = [
    "Claim",
    "Experiment",
    "InteractiveFigure",
    "attention_map",
    "claim",
    "decoding_bars",
    "glue",
    "load_experiment",
    "save_experiment",
]
