# misconception: the rule for powers of two holds for all
# message: 3 is not a power of two
def alibi_slopes(num_heads):
    return [2 ** (-8 * head / num_heads) for head in range(1, num_heads + 1)]
