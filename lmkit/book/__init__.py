"""What the pages of the book use: figures that a reader can move. Runs without Jupyter Book."""

from lmkit.book.interactive import InteractiveFigure, attention_map, decoding_bars

__all__ = ["InteractiveFigure", "attention_map", "decoding_bars"]
