# misconception: the residual is always the layer's input
# message: what attention has added is lost in the end
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    attended = x + attention(attention_norm(x))
    return x + feed_forward(feed_forward_norm(attended))
