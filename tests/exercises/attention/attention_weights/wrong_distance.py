# misconception: a score is a distance, so a close key has a small one and a small weight
# message: query 0 fits key 3 best, but you give the largest weight to key
import torch


def attention_weights(queries, keys):
    return (torch.cdist(queries, keys) / queries.shape[-1] ** 0.5).softmax(dim=-1)
