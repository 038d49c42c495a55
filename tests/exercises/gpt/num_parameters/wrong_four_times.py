# misconception: the feed-forward network is always four times as wide as the model
# message: 162 too many: the feed-forward networks are too large
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 12 * d_model**2 + 13 * d_model
    return (vocab_size + context_length) * d_model + num_layers * layer + 2 * d_model
