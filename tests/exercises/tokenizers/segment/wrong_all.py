# misconception: all segmentations of a word can be tried
# message: looks at more than 100 000 pieces of one word
def segment(word, log_probs):
    def best(rest):
        if not rest:
            return 0.0, []
        options = []
        for size in range(1, len(rest) + 1):
            if rest[:size] in log_probs:
                score, pieces = best(rest[size:])
                options.append((score + log_probs[rest[:size]], [rest[:size], *pieces]))
        return max(options)

    return best(word)[1]
