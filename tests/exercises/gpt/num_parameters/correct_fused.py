# approach: query, key and value as one matrix, as in GPT-2's own code; helper functions
import torch


def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    def linear(inputs, outputs):
        return (inputs + 1) * outputs

    layer = linear(d_model, 3 * d_model) + linear(d_model, d_model) + linear(d_model, d_ff) + linear(d_ff, d_model)
    return torch.tensor(num_layers * (layer + 4 * d_model) + (2 + vocab_size + context_length) * d_model)
