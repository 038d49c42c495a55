# misconception: the slope carries the sign of the penalty
# message: a slope is a positive number
def alibi_slopes(num_heads):
    power = 2 ** (num_heads.bit_length() - 1)
    slopes = [-(2 ** (-8 * head / power)) for head in range(1, power + 1)]
    between = [-(2 ** (-4 * head / power)) for head in range(1, 2 * power, 2)]
    return (slopes + between)[:num_heads]
