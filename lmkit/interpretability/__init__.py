"""Looking inside a model: what it attends to, every value that it computes, what it would predict at each depth."""

from lmkit.interpretability.attention_weights import record_attention
from lmkit.interpretability.forward_pass import record_forward
from lmkit.interpretability.lens import logit_lens

__all__ = ["logit_lens", "record_attention", "record_forward"]
