# misconception: the nearest power of two is the one below
# message: the slopes of 3 heads|get a result of shape
import math


def alibi_slopes(num_heads):
    power = 2 ** round(math.log2(num_heads))
    slopes = [2 ** (-8 * head / power) for head in range(1, power + 1)][:num_heads]
    between = [2 ** (-4 * head / power) for head in range(1, 2 * power, 2)]
    return slopes + between[: max(0, num_heads - power)]
