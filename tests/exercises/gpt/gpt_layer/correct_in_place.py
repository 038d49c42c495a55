# approach: the results are added in place, to a copy
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = x.clone()
    x += attention(attention_norm(x))
    x += feed_forward(feed_forward_norm(x))
    return x
