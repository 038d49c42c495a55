# misconception: no model has more than 64 heads
# message: a slope of 64 heads is wrong
def alibi_slopes(num_heads):
    power = min(2 ** (num_heads.bit_length() - 1), 32)
    slopes = [2 ** (-8 * head / power) for head in range(1, power + 1)]
    between = [2 ** (-4 * head / power) for head in range(1, 2 * power, 2)]
    return (slopes + between)[:num_heads]
