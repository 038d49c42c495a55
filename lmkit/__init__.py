"""Language models written to be read.

The package behind the book *Large Language Models: Principles and Code*. Import from the subpackages:
``from lmkit.data import load_text``, ``from lmkit.models import NGram``. Importing ``lmkit`` itself
loads nothing, so that the tokenizers can be used without torch.
"""

__version__ = "0.1.0"
