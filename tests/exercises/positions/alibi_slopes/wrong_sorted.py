# misconception: slopes are in order
# message: they are right, but in another order
def alibi_slopes(num_heads):
    power = 2 ** (num_heads.bit_length() - 1)
    slopes = [2 ** (-8 * head / power) for head in range(1, power + 1)]
    between = [2 ** (-4 * head / power) for head in range(1, 2 * power, 2)]
    return sorted(slopes + between[: num_heads - power], reverse=True)
