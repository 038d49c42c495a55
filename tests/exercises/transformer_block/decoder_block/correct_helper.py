# approach: one function that wraps a sublayer
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    def wrap(hidden, norm, sublayer, *others):
        if pre_norm:
            return hidden + sublayer(norm(hidden), *others)
        return norm(hidden + sublayer(hidden, *others))

    hidden = wrap(x, norms[0], self_attention)
    hidden = wrap(hidden, norms[1], cross_attention, source)
    return wrap(hidden, norms[2], feed_forward)
