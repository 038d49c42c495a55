# misconception: vectors have to be normalised before their dot product
# message: (your weights are too flat|what do you divide by)
import torch


def attention_weights(queries, keys):
    queries = torch.nn.functional.normalize(queries, dim=-1)
    keys = torch.nn.functional.normalize(keys, dim=-1)
    return (queries @ keys.T / queries.shape[-1] ** 0.5).softmax(dim=-1)
