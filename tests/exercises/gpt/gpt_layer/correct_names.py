# approach: a name for every step
import torch


def gpt_layer(x, attention_norm, attention, feed_forward_norm, feed_forward):
    normalised = attention_norm(x)
    attended = attention(normalised)
    middle = torch.add(x, attended)
    update = feed_forward(feed_forward_norm(middle))
    return torch.add(update, middle)
