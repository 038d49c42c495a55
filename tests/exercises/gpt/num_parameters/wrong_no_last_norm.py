# misconception: normalisations stand only inside the layers
# message: 8 too few: is every normalisation in it
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 4 * (d_model**2 + d_model) + 2 * d_model * d_ff + d_ff + d_model + 4 * d_model
    return (vocab_size + context_length) * d_model + num_layers * layer
