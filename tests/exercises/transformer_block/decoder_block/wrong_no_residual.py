# misconception: a sublayer's result is the new hidden state
# message: is the result of a sublayer added|is not added
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    sublayers = [self_attention, lambda h: cross_attention(h, source), feed_forward]
    for norm, sublayer in zip(norms, sublayers, strict=True):
        x = sublayer(norm(x)) if pre_norm else norm(sublayer(x))
    return x
