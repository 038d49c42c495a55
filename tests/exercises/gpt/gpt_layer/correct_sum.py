# approach: both updates are summed at the end, in float64
def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    x = x.double()
    updates = [attention(attention_norm(x))]
    updates.append(feed_forward(feed_forward_norm(x + updates[0])))
    return x + sum(updates)
