# misconception: the last axis of the split counts the groups
# message: neighbours share a head


def grouped_attention(query, key, value):
    B, H, T, K = query.shape
    grouped = query.reshape(B, -1, key.shape[1], T, K)
    weights = (grouped @ key.unsqueeze(1).mT / K**0.5).softmax(-1)
    return (weights @ value.unsqueeze(1)).reshape(B, H, T, K)
