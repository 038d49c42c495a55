r"""The initial parameters of a model, and why they have these values.

- Matrices of pre-norm models: normal with standard deviation 0.02 (Radford et al. 2018, section 4.1). What they add to
  the residual stream is small at first, and so is the stream: the embeddings are as small.
- Matrices of post-norm models: normal with standard deviation $1/\sqrt{d}$ for $d$ columns, so that a layer's output
  is as large as its input. Here the stream is normalised to size 1 after every addition; what is much smaller hardly
  changes it, and is expected to learn more slowly.
- Unembedding: 0.02. The first logits are so small that the prediction is almost uniform: the loss starts at $\log V$.
- Biases: 0, because nothing favours either sign yet. Gains of normalisation: 1, so that they have no effect
  at first.
- Matrices that write to the residual stream: smaller by $\sqrt{2L}$. The stream adds up two outputs from each of
  the $L$ layers, and the variance of a sum of $2L$ independent terms is $2L$ times that of one; this keeps it from
  growing with depth (Radford et al. 2019, section 2.3).
- Embeddings: 0.02 too, as the unembedding may be the same numbers. Where they are multiplied by $\sqrt{d}$ before sines
  and cosines are added, $1/\sqrt{d}$: smaller tokens would be negligible next to their positions (Vaswani et al.
  2017, section 3.4). The cost is an initial loss of $\log V + \frac{1}{2}$.
- LSTM: normal with standard deviation $1/\sqrt{d}$, because no normalisation restores the scale between layers, and 1
  for the forget gate's bias, so that the memory is kept until there is a reason to forget (Jozefowicz et al. 2015).

The random numbers come from a generator on the CPU, so a seed gives the same model on every device.
"""

import math

import torch
from torch import Tensor, nn

from lmkit.nn.attention import MultiHeadAttention
from lmkit.nn.embeddings import TokenEmbedding
from lmkit.nn.feedforward import FeedForward, SwiGLU


def initialise(model: nn.Module, *, seed: int, num_residual_layers: int = 0, std: float = 0.02) -> None:
    """Set all parameters to their starting values, by the rules above.

    Args:
        model: The model or part; parameters on the meta device, which have no values, are left out.
        seed: Seed of the generator.
        num_residual_layers: $L$ of a pre-norm model, by whose root the outputs of attention and feed-forward layers are
            made smaller; 0 for a post-norm model, which normalises the stream after every addition.
        std: Standard deviation of embeddings and unembedding, and of the matrices of pre-norm models.

    Example:
        >>> layer = nn.Linear(100, 100)
        >>> initialise(layer, seed=0, num_residual_layers=1)
        >>> round(layer.weight.std().item(), 2), layer.bias.any().item()
        (0.02, False)
    """
    generator = torch.Generator().manual_seed(seed)
    writers = {
        module.output
        for module in model.modules()
        if isinstance(module, MultiHeadAttention | FeedForward | SwiGLU) and num_residual_layers
    }
    unembedding = getattr(model, "unembedding", None)
    embeddings = [module for module in model.modules() if isinstance(module, TokenEmbedding)]
    scales = {module.weight: module.scale for module in embeddings if module.scale != 1.0}  # also of a tied unembedding
    for module in model.modules():
        if isinstance(module, nn.Linear) and not num_residual_layers and module is not unembedding:
            _set_normal(module.weight, 1 / math.sqrt(module.in_features), generator)
        elif isinstance(module, nn.Linear | nn.Embedding | TokenEmbedding):
            shrink = math.sqrt(2 * num_residual_layers) if module in writers else 1.0
            size = 1 / scales[module.weight] if module.weight in scales else std
            _set_normal(module.weight, size / shrink, generator)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
        if isinstance(module, nn.LSTM):
            _set_lstm(module, generator)


@torch.no_grad()
def _set_normal(weight: Tensor, std: float, generator: torch.Generator) -> None:
    if not weight.is_meta:
        weight.copy_(torch.randn(weight.shape, generator=generator) * std)


@torch.no_grad()
def _set_lstm(lstm: nn.LSTM, generator: torch.Generator) -> None:
    for name, parameter in lstm.named_parameters():
        if parameter.dim() == 2:
            _set_normal(parameter, 1 / math.sqrt(lstm.hidden_size), generator)
        else:
            parameter.zero_()
            if name.startswith("bias_ih"):  # PyTorch adds two biases; the rows are input, forget, content, output
                parameter[lstm.hidden_size : 2 * lstm.hidden_size] = 1
