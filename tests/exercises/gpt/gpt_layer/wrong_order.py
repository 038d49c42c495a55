# misconception: the order of the sublayers does not matter
# message: feed_forward was called before attention
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = x + feed_forward(feed_forward_norm(x))
    return x + attention(attention_norm(x))
