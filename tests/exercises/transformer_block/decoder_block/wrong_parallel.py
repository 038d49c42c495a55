# misconception: the sublayers work side by side
# message: wrong for random|does not read
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    a, b, c = norms
    if pre_norm:
        return x + self_attention(a(x)) + cross_attention(b(x), source) + feed_forward(c(x))
    x = a(x + self_attention(x))
    x = b(x + cross_attention(x, source))
    return c(x + feed_forward(x))
