# misconception: each sublayer adds to what came in
# message: post-norm: sublayers that return 0|wrong for random
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [self_attention, lambda h: cross_attention(h, source), feed_forward]
    hidden = x
    for norm, sublayer in zip(norms, sublayers, strict=True):
        hidden = x + sublayer(norm(hidden)) if pre_norm else norm(x + sublayer(hidden))
    return hidden
