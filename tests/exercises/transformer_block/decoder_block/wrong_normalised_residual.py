# misconception: what is normalised is passed on
# message: normalised hidden states were passed on
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [self_attention, lambda h: cross_attention(h, source), feed_forward]
    for norm, sublayer in zip(norms, sublayers, strict=True):
        if pre_norm:
            x = norm(x)
            x = x + sublayer(x)
        else:
            x = norm(x + sublayer(x))
    return x
