# misconception: the source is read first
# message: does not read|reads|wrong for random
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [lambda h: cross_attention(h, source), self_attention, feed_forward]
    for norm, sublayer in zip([norms[1], norms[0], norms[2]], sublayers, strict=True):
        x = x + sublayer(norm(x)) if pre_norm else norm(x + sublayer(x))
    return x
