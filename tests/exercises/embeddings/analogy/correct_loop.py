# approach: each possible answer in turn


def analogy(vectors, a, b, c):
    def unit(word):
        return vectors[word].double() / vectors[word].double().norm()

    target = unit(b) - unit(a) + unit(c)
    words = [word for word in range(len(vectors)) if word not in {a, b, c}]
    return max(words, key=lambda word: float(unit(word) @ target))
