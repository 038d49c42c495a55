# approach: products with the matrix of the permutation
import torch


def permutation_masks(order):
    P = torch.nn.functional.one_hot(order, order.shape[1]).float()
    before = torch.ones(order.shape[1], order.shape[1]).tril(-1)
    query = P.mT @ before @ P
    return (query + torch.eye(order.shape[1])).bool(), query.bool()
