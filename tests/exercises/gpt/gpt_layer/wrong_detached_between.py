# misconception: each sublayer learns by itself
# message: no gradient goes from what
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = x + attention(attention_norm(x))
    return x + feed_forward(feed_forward_norm(x.detach()))
