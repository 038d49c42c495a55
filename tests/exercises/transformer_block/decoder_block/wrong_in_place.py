# misconception: hidden states may be added to where they are
# message: changed its argument `x`|leaf Variable
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [self_attention, lambda h: cross_attention(h, source), feed_forward]
    for norm, sublayer in zip(norms, sublayers, strict=True):
        if pre_norm:
            x += sublayer(norm(x))
        else:
            x = norm(x + sublayer(x))
    return x
