# misconception: memory for the result is made once for each shape, and used again
# message: (has come to wrong columns|depends on how its input lies in memory|head . has come)
made = {}


def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge_heads(x):
    if x.shape not in made:
        made[x.shape] = x.transpose(1, 2).flatten(2)
    return made[x.shape]
