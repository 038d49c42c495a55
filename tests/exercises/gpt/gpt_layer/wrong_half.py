# misconception: half precision is accurate enough
# message: wrong for random functions|your layer gives
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = (x + attention(attention_norm(x))).bfloat16().float()
    return x + feed_forward(feed_forward_norm(x))
