# misconception: slopes are always a half of each other
# message: does your code use H
def alibi_slopes(num_heads):
    return [2.0**-head for head in range(1, num_heads + 1)]
