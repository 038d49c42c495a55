# misconception: the argument is mine to change
# message: gpt_layer changed its argument `x`
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x += attention(attention_norm(x))
    x += feed_forward(feed_forward_norm(x))
    return x
