# misconception: every second one begins with the second
# message: the remaining slope is the first of 4 heads, not the second
def alibi_slopes(num_heads):
    power = 2 ** (num_heads.bit_length() - 1)
    slopes = [2 ** (-8 * head / power) for head in range(1, power + 1)]
    between = [2 ** (-4 * head / power) for head in range(2, 2 * power + 1, 2)]
    return slopes + between[: num_heads - power]
