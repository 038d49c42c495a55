"""Language models written to be read.

The package behind the book *Large Language Models: Principles and Code*. Import from the subpackages:
``from lmkit.data import load_text``, ``from lmkit.models import GPT``. Importing ``lmkit`` itself
loads nothing, so the tokenizers and the story world can be used without loading PyTorch.
"""

__version__ = "0.1.0"
