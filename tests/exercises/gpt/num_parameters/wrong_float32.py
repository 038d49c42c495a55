# misconception: seven digits are enough
# message: wrong for the
import torch


def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 4 * d_model + 4 * (d_model**2 + d_model) + 2 * d_model * d_ff + d_ff + d_model
    return torch.tensor(num_layers * layer + (vocab_size + context_length + 2) * d_model, dtype=torch.float32)
