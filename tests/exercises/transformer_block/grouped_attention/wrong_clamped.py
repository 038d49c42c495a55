# misconception: scores beyond 500 are as good as infinite
# message: wrong for scores
def grouped_attention(query, key, value):
    group = query.shape[1] // key.shape[1]
    scores = query @ key.repeat_interleave(group, 1).mT / query.shape[3] ** 0.5
    return scores.clamp(-500, 500).softmax(-1) @ value.repeat_interleave(group, 1)
