# misconception: the remaining slopes are the first ones of the next power of two
# message: take every second one of 8 heads
def alibi_slopes(num_heads):
    power = 2 ** (num_heads.bit_length() - 1)
    slopes = [2 ** (-8 * head / power) for head in range(1, power + 1)]
    between = [2 ** (-4 * head / power) for head in range(1, 2 * power + 1)]
    return slopes + between[: num_heads - power]
