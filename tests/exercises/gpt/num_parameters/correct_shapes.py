# approach: a list of all shapes, and their products
import math


def num_parameters(vocab_size, context_length, d_model, num_layers, d_ff):
    shapes = [(vocab_size, d_model), (context_length, d_model), (d_model,), (d_model,)]
    for _ in range(num_layers):
        shapes += 4 * [(d_model,)]
        shapes += 4 * [(d_model, d_model), (d_model,)]
        shapes += [(d_model, d_ff), (d_ff,), (d_ff, d_model), (d_model,)]
    return sum(math.prod(shape) for shape in shapes)
