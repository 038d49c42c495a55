# misconception: shared keys are not trained
# message: no gradient reaches key|gradient of key
import torch


def grouped_attention(query, key, value):
    return torch.nn.functional.scaled_dot_product_attention(query, key.detach(), value, enable_gqa=True)
