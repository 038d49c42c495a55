# approach: the functions are called with the name of their argument; names from torch, all of them
from torch import *  # noqa: F403


def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    after = add(x, attention(x=attention_norm(x=x)))  # noqa: F405
    return add(after, feed_forward(x=feed_forward_norm(x=after)))  # noqa: F405
