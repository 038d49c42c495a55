# misconception: the rule of thumb 12 L D^2 is exact
# message: give 576 parameters, 90 too few|do not give \d+ parameters; count the parts one by one
def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    return 12 * num_layers * d_model**2 + (vocab_size + context_length) * d_model
