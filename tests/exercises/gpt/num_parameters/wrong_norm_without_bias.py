# misconception: a normalisation has only a weight
# message: 28 too few: has every normalisation a weight and a bias
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 4 * (d_model**2 + d_model) + 2 * d_model * d_ff + d_ff + d_model + 2 * d_model
    return (vocab_size + context_length) * d_model + num_layers * layer + d_model
