# misconception: with more heads one takes the first slopes of the next power of two
# message: first come the slopes of 2 heads
def alibi_slopes(num_heads):
    power = 1
    while power < num_heads:
        power *= 2
    return [2 ** (-8 * head / power) for head in range(1, num_heads + 1)]
