# misconception: what attention says is fixed
# message: no gradient reaches attention
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = x + attention(attention_norm(x)).detach()
    return x + feed_forward(feed_forward_norm(x))
