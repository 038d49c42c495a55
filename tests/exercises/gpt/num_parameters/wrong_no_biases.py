# misconception: linear maps are only matrices
# message: 90 too few: are the biases of the linear maps in it
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 4 * d_model**2 + 2 * d_model * d_ff + 4 * d_model
    return (vocab_size + context_length) * d_model + num_layers * layer + 2 * d_model
