# approach: Python's lists, asking where each position is in the order
import torch


def permutation_masks(order):
    content, query = [], []
    for row in order.tolist():
        where = {position: i for i, position in enumerate(row)}
        content.append([[where[s] <= where[t] for s in range(len(row))] for t in range(len(row))])
        query.append([[where[s] < where[t] for s in range(len(row))] for t in range(len(row))])
    return torch.tensor(content), torch.tensor(query)
