# misconception: the feed-forward network has the last word
# message: what feed-forward says is not added to the hidden states
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = x + attention(attention_norm(x))
    return feed_forward(feed_forward_norm(x))
