"""Looking inside a model: what it attends to."""

from lmkit.interpretability.attention_weights import record_attention

__all__ = ["record_attention"]
