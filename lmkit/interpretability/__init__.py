"""Looking inside a model: what it attends to, and every value that it computes."""

from lmkit.interpretability.attention_weights import record_attention
from lmkit.interpretability.forward_pass import record_forward

__all__ = ["record_attention", "record_forward"]
