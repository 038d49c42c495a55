# misconception: the result of a sublayer is normalised before it is added
# message: a sublayer's result is normalised
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = x + attention_norm(attention(x))
    return x + feed_forward_norm(feed_forward(x))
