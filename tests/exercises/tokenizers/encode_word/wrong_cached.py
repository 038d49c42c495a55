# misconception: a word is always encoded in the same way, and can be kept
# message: becomes|make no such token|make no such
kept = {}


def encode_word(word, merges):
    if word not in kept:
        tokens = list(word)
        for pair in merges:
            merged = []
            for token in tokens:
                if merged and (merged[-1], token) == pair:
                    merged[-1] += token
                else:
                    merged.append(token)
            tokens = merged
        kept[word] = tokens
    return kept[word]
