# approach: one function that wraps a sublayer; the source by name
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    def wrap(hidden, norm, sublayer):
        if pre_norm:
            return hidden + sublayer(norm(hidden))
        return norm(hidden + sublayer(hidden))

    hidden = wrap(x, norms[0], self_attention)
    hidden = wrap(hidden, norms[1], lambda h: cross_attention(h, source=source))
    return wrap(hidden, norms[2], feed_forward)
