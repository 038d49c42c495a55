# misconception: sublayers follow each other like layers of any network
# message: what the sublayers say replaces the hidden states
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    return feed_forward(feed_forward_norm(attention(attention_norm(x))))
