# misconception: the source is given and not trained
# message: no gradient reaches source|gradient of source
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [self_attention, lambda h: cross_attention(h, source.detach()), feed_forward]
    for norm, sublayer in zip(norms, sublayers, strict=True):
        x = x + sublayer(norm(x)) if pre_norm else norm(x + sublayer(x))
    return x
