# misconception: the query of cross-attention is the raw hidden state
# message: norms\[1\] was called 0 times|not normalised
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    if pre_norm:
        x = x + self_attention(norms[0](x))
        x = x + cross_attention(x, source)
        return x + feed_forward(norms[2](norms[1](x)))
    x = norms[0](x + self_attention(x))
    x = norms[1](x + cross_attention(x, source))
    return norms[2](x + feed_forward(x))
