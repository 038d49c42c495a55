# approach: torch's own function
from torch.nn.functional import layer_norm as torch_layer_norm


def layer_norm(x, weight, bias, eps):
    return torch_layer_norm(x, x.shape[-1:], weight, bias, eps)
