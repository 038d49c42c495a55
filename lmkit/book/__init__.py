"""What the pages of the book use: values and claims in the text, figures that a reader can move.

Runs without Jupyter Book.
"""

from lmkit.book.claims import Claim, claim
from lmkit.book.interactive import InteractiveFigure, attention_map, decoding_bars
from lmkit.book.recording import glue

__all__ = ["Claim", "InteractiveFigure", "attention_map", "claim", "decoding_bars", "glue"]
