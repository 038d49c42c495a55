# approach: Python's sort over the other words
import math


def nearest(vectors, word, k):
    lengths = [math.sqrt(number) for number in (vectors**2).sum(1).tolist()]
    products = (vectors @ vectors[word]).tolist()
    others = [row for row in range(len(vectors)) if row != word]
    return sorted(others, key=lambda row: -products[row] / lengths[row])[:k]
