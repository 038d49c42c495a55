# misconception: the normalised copy takes the place of the hidden states
# message: results are added to the normalised copies
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = attention_norm(x)
    x = x + attention(x)
    x = feed_forward_norm(x)
    return x + feed_forward(x)
