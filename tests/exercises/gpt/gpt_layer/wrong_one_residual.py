# misconception: one addition per layer is enough
# message: what attention says is not added to the hidden states
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = attention(attention_norm(x))
    return x + feed_forward(feed_forward_norm(x))
