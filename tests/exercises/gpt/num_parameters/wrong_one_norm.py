# misconception: a layer has one normalisation
# message: 24 too few: how many normalisations has a layer
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 4 * (d_model**2 + d_model) + 2 * d_model * d_ff + d_ff + d_model + 2 * d_model
    return (vocab_size + context_length) * d_model + num_layers * layer + 2 * d_model
