# misconception: the source asks
# message: shape|must match the size|where
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [self_attention, lambda h: cross_attention(source, h), feed_forward]
    for norm, sublayer in zip(norms, sublayers, strict=True):
        x = x + sublayer(norm(x)) if pre_norm else norm(x + sublayer(x))
    return x
