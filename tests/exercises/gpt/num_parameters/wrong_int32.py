# misconception: a number of parameters fits into 32 bits
# message: wrong for the sizes of GPT-3|OverflowError|overflow
import numpy as np


def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = np.int32(4 * d_model + 4 * (d_model**2 + d_model) + 2 * d_model * d_ff + d_ff + d_model)
    with np.errstate(over="ignore"):
        return int(np.int32(num_layers) * layer) + (vocab_size + context_length + 2) * d_model
