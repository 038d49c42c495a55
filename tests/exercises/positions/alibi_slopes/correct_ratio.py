# approach: each slope is the one before times a ratio
def alibi_slopes(num_heads):
    power = 1
    while power * 2 <= num_heads:
        power *= 2
    slopes, start = [], 2 ** (-8 / power)
    for _ in range(power):
        slopes.append(start if not slopes else slopes[-1] * start)
    finer = 2 ** (-4 / power)
    return slopes + [finer ** (2 * head + 1) for head in range(num_heads - power)]
