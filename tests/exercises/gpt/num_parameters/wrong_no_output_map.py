# misconception: attention is query, key and value
# message: 60 too few: how many linear maps has attention
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    layer = 3 * (d_model**2 + d_model) + 2 * d_model * d_ff + d_ff + d_model + 4 * d_model
    return (vocab_size + context_length) * d_model + num_layers * layer + 2 * d_model
