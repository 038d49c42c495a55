# misconception: the flattest head comes first
# message: the first head has the steepest slope
def alibi_slopes(num_heads):
    return [2 ** (-8 * head / num_heads) for head in range(num_heads, 0, -1)]
