# misconception: the unembedding has a matrix of its own
# message: 52 too many: which matrix have you counted twice
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 4 * (d_model**2 + d_model) + 2 * d_model * d_ff + d_ff + d_model + 4 * d_model
    return (2 * vocab_size + context_length) * d_model + num_layers * layer + 2 * d_model
