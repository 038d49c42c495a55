# misconception: positions are computed, and not learned
# message: 36 too few: is the position embedding in it
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 4 * (d_model**2 + d_model) + 2 * d_model * d_ff + d_ff + d_model + 4 * d_model
    return vocab_size * d_model + num_layers * layer + 2 * d_model
