# misconception: one normalisation serves both sublayers
# message: attention_norm was called 2 times instead of once
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = x + attention(attention_norm(x))
    return x + feed_forward(attention_norm(x))
