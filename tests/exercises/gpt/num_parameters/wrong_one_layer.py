# misconception: the layers share their parameters
# message: 380 too few: how many layers are there
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 4 * (d_model**2 + d_model) + 2 * d_model * d_ff + d_ff + d_model + 4 * d_model
    return (vocab_size + context_length) * d_model + layer + 2 * d_model
