"""A copy of a model for decoding: the same parameters, laid out and found faster by a step that reads few rows."""

from functools import partial
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.flop_counter import flop_registry

from lmkit.nn import Linear

LARGE = 2**17
"""From this many weights on, a product with several rows is faster with packed weights."""


def decoding_copy(module: nn.Module, num_rows: int) -> nn.Module:
    """Copy a model for steps that read one token of each text.

    Such a step multiplies each matrix by only ``num_rows`` rows. On a CPU, it mostly waits for the weights to arrive
    from memory, and a small model for Python to find its way through the modules. So the copy differs in two ways:

    - Its parameters and submodules are ordinary attributes, which Python finds without ``nn.Module.__getattr__``.
    - Linear layers in fp32 on a CPU are a :class:`FewRowsLinear`, with a second copy of most weights.

    Everything else is shared, so making it costs about as much as a dozen steps, and weights that change afterwards
    need a new copy. Modules with hooks, or with parameters that are not ordinary tensors, are used as they are.

    Args:
        module: A model in evaluation mode.
        num_rows: Number of texts.

    Returns:
        A model with the same outputs, up to rounding.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1)).eval()
        >>> copied, token_ids = decoding_copy(model, num_rows=1), torch.tensor([[3]])
        >>> torch.allclose(copied(token_ids), model(token_ids), atol=1e-6)
        True
    """
    parameters = [parameter for parameter in module._parameters.values() if parameter is not None]
    is_ordinary = all(type(parameter) is nn.Parameter for parameter in parameters)
    if module._forward_hooks or module._forward_pre_hooks or not is_ordinary:
        return module
    if isinstance(module, nn.Linear) and type(module) in (nn.Linear, Linear):
        is_fp32_on_cpu = module.weight.dtype == torch.float32 and module.weight.device.type == "cpu"
        return FewRowsLinear(module, num_rows) if is_fp32_on_cpu else module
    children = {
        name: None if child is None else decoding_copy(child, num_rows) for name, child in module._modules.items()
    }
    copied = object.__new__(type(module))
    vars(copied).update(vars(module) | module._parameters | module._buffers | children, _modules=children)
    return copied


class FewRowsLinear(nn.Module):
    """A linear layer whose weights are stored in the order in which they are read.

    A product with one row reads the matrix along its longer side, one with several rows reads blocks. There, oneDNN
    packs large matrices. Small ones are multiplied as usual.

    Args:
        layer: The layer, in fp32 on a CPU.
        num_rows: Number of rows in most inputs.

    Example:
        >>> layer = nn.Linear(4, 6)
        >>> torch.allclose(FewRowsLinear(layer, num_rows=1)(torch.ones(1, 4)), layer(torch.ones(1, 4)))
        True
    """

    def __init__(self, layer: nn.Linear, num_rows: int) -> None:
        super().__init__()
        self.weight, self.bias = layer.weight.detach(), None if layer.bias is None else layer.bias.detach()
        self.by_longer_side: Tensor | None = None
        self.packed: Tensor | None = None
        if num_rows == 1:
            is_wide = layer.out_features > layer.in_features
            self.by_longer_side = self.weight.t().contiguous().t() if is_wide else self.weight
        elif self.weight.numel() >= LARGE and torch.backends.mkldnn.is_available():
            self.packed = torch.ops.mkldnn._reorder_linear_weight(self.weight, num_rows)

    def forward(self, x: Float[Tensor, "*B I"]) -> Float[Tensor, "*B O"]:
        """Apply the layer."""
        if self.packed is not None:
            return torch.ops.mkldnn._linear_pointwise(x, self.packed, self.bias, "none", [], "")
        if self.by_longer_side is None or x.numel() != x.shape[-1]:
            return F.linear(x, self.weight, self.bias)
        row = x.view(-1)
        y = self.by_longer_side.mv(row) if self.bias is None else torch.addmv(self.bias, self.by_longer_side, row)
        return y.view(*x.shape[:-1], -1)


def _row_flops(_: Any, matrix: Tensor, *__: Any, out_val: Tensor, **___: Any) -> int:
    return 2 * out_val.numel() * matrix.shape[-1]


# PyTorch's counter of operations does not know these products.
flop_registry.setdefault(torch.ops.aten.mv, partial(_row_flops, None))
flop_registry.setdefault(torch.ops.aten.addmv, _row_flops)
