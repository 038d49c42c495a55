# misconception: the sum is normalised, as in the first Transformer
# message: the sum is normalised, instead of what a sublayer reads
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = attention_norm(x + attention(x))
    return feed_forward_norm(x + feed_forward(x))
