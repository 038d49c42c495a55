# approach: the norm that is not there is the identity
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    def same(h):
        return h

    for i, sublayer in enumerate((self_attention, None, feed_forward)):
        before, after = (norms[i], same) if pre_norm else (same, norms[i])
        read = before(x)
        written = cross_attention(read, source) if sublayer is None else sublayer(read)
        x = after(x.add(written))
    return x
