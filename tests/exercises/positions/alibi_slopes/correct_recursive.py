# approach: the rule calls itself
import math


def alibi_slopes(num_heads):
    if math.log2(num_heads).is_integer():
        return [2.0 ** (-8 * (head + 1) / num_heads) for head in range(num_heads)]
    power = 2 ** math.floor(math.log2(num_heads))
    return alibi_slopes(power) + alibi_slopes(2 * power)[0::2][: num_heads - power]
