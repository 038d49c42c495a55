# misconception: a mask holds numbers
# message: mask holds torch.float32 instead of bool
def permutation_masks(order):
    rank = order.argsort(1)
    return (rank.unsqueeze(1) <= rank.unsqueeze(2)).float(), (rank.unsqueeze(1) < rank.unsqueeze(2)).float()
