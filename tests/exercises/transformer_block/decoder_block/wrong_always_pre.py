# misconception: there is one order
# message: post-norm: sublayers that return 0 give the hidden states as they were
def decoder_block(x, source, self_attention, cross_attention, feed_forward, norms, pre_norm):
    x = x + self_attention(norms[0](x))
    x = x + cross_attention(norms[1](x), source)
    return x + feed_forward(norms[2](x))
