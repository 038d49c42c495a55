# misconception: both sublayers read the same hidden states
# message: feed-forward does not read what attention has changed
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    return x + attention(attention_norm(x)) + feed_forward(feed_forward_norm(x))
