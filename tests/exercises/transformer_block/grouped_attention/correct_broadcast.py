# approach: a view with an axis for the group, and broadcasting


def grouped_attention(query, key, value):
    B, H, T, K = query.shape
    grouped = query.view(B, key.shape[1], -1, T, K)
    weights = (grouped @ key.unsqueeze(2).mT / K**0.5).softmax(-1)
    return (weights @ value.unsqueeze(2)).reshape(B, H, T, K)
