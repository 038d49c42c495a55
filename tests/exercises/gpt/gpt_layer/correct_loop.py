# approach: one loop over both sublayers
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    for norm, sublayer in [(attention_norm, attention), (feed_forward_norm, feed_forward)]:
        x = x + sublayer(norm(x))
    return x
