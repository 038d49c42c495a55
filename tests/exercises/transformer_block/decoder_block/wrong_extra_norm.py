# misconception: pre-norm has a norm at the end too
# message: norms\[2\] was called 2 times
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [self_attention, lambda h: cross_attention(h, source), feed_forward]
    for norm, sublayer in zip(norms, sublayers, strict=True):
        x = x + sublayer(norm(x)) if pre_norm else norm(x + sublayer(x))
    return norms[2](x) if pre_norm else x
