# misconception: gradients go through the sublayers, not past them
# message: no gradient reaches x
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = x.detach() + attention(attention_norm(x))
    return x.detach() + feed_forward(feed_forward_norm(x))
