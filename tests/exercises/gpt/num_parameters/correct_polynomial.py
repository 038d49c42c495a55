# approach: one polynomial, multiplied out
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    return (
        d_model * (vocab_size + context_length + 2)
        + 4 * num_layers * d_model**2
        + 2 * num_layers * d_ff * d_model
        + 9 * num_layers * d_model
        + num_layers * d_ff
    )
