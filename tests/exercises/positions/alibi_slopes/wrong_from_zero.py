# misconception: heads count from 0
# message: the first head is number 1
def alibi_slopes(num_heads):
    return [2 ** (-8 * head / num_heads) for head in range(num_heads)]
