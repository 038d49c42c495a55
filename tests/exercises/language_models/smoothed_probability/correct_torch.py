# approach: a vector with one entry per token of the vocabulary, normalised; the result is a float32 tensor
import torch


def smoothed_probability(counts, context, token, vocab_size, alpha):
    followers = {ngram[-1]: count for ngram, count in counts.items() if ngram[:-1] == tuple(context)}
    position = {follower: index for index, follower in enumerate(followers)}
    position.setdefault(token, len(position))
    weights = torch.full((vocab_size,), float(alpha))
    for follower, count in followers.items():
        weights[position[follower]] += count
    return (weights / weights.sum())[position[token]]
