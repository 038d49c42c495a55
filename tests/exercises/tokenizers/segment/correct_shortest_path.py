# approach: a shortest path with a priority queue, since minus log-probabilities are lengths
from heapq import heappop, heappush


def segment(word, log_probs):
    queue, done = [(0.0, 0, ())], set()
    while queue:
        cost, start, pieces = heappop(queue)
        if start == len(word):
            return list(pieces)
        if start in done:
            continue
        done.add(start)
        for end in range(start + 1, len(word) + 1):
            if word[start:end] in log_probs:
                heappush(queue, (cost - log_probs[word[start:end]], end, (*pieces, word[start:end])))
