# misconception: pre-norm normalises first, so the sum
# message: normalised hidden states were passed on
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [self_attention, lambda h: cross_attention(h, source), feed_forward]
    for norm, sublayer in zip(norms, sublayers, strict=True):
        x = norm(x + sublayer(x)) if pre_norm else x + sublayer(norm(x))
    return x
