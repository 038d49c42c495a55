"""The families of checkpoints that can be read and written."""

from lmkit.models.families.bert import BERT_FAMILY
from lmkit.models.families.gpt2 import GPT2
from lmkit.models.families.llama import LLAMA
from lmkit.models.families.marian import MARIAN
from lmkit.models.families.stored import Family, Stored

FAMILIES = (GPT2, LLAMA, BERT_FAMILY, MARIAN)
"""All of them."""

__all__ = ["BERT_FAMILY", "FAMILIES", "GPT2", "LLAMA", "MARIAN", "Family", "Stored"]
