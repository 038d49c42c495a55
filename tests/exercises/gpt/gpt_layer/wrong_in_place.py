# misconception: the results can be added to the hidden states where they are
# message: your function changed the hidden states
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x += attention(attention_norm(x))
    x += feed_forward(feed_forward_norm(x))
    return x
