"""The logit lens: what a GPT would predict if it stopped after an earlier layer."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lmkit.interpretability.forward_pass import record_forward
from lmkit.models import GPT


@torch.no_grad()
def logit_lens(model: GPT, token_ids: Int[Tensor, "B T"]) -> Float[Tensor, "Z B T V"]:
    r"""Read the residual stream after the embedding and after each layer with the model's own last steps.

    $$z^{(l)} = \operatorname{norm}(x^{(l)})\, E^\top$$

    Args:
        model: In evaluation mode.
        token_ids: What it reads.

    Returns:
        Logits at each depth, L + 1 of them; the last are what the model returns.

    Source:
        nostalgebraist (2020), "interpreting GPT: the logit lens".

    Example:
        >>> from lmkit.models import GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=4, d_model=8, num_layers=2, num_heads=2)).eval()
        >>> logit_lens(model, torch.tensor([[3, 1, 4]])).shape
        torch.Size([3, 1, 3, 9])
    """
    values = record_forward(model, token_ids)
    outputs = [values[f"layers.{layer}.output"] for layer in range(model.config.num_layers)]
    return model.unembedding(model.norm(torch.stack([values["layers.0.input"], *outputs])))
