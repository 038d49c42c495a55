# misconception: post-norm normalises what the sublayer wrote
# message: post-norm: sublayers that return 0 give the hidden states as they were
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [self_attention, lambda h: cross_attention(h, source), feed_forward]
    for norm, sublayer in zip(norms, sublayers, strict=True):
        x = x + sublayer(norm(x)) if pre_norm else x + norm(sublayer(x))
    return x
