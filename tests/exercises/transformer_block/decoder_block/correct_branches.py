# approach: both orders written out
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    first, second, third = norms
    if pre_norm:
        x = x + self_attention(first(x))
        x = x + cross_attention(second(x), source)
        return x + feed_forward(third(x))
    x = first(x + self_attention(x))
    x = second(x + cross_attention(x, source))
    return third(x + feed_forward(x))
