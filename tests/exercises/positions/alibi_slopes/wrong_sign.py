# misconception: steep means above 1
# message: what is the sign of the exponent
def alibi_slopes(num_heads):
    return [2 ** (8 * head / num_heads) for head in range(1, num_heads + 1)]
