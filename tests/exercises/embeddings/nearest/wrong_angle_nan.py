# misconception: the arc cosine of a computed cosine is always a number
# message: and is not found
def nearest(vectors, word, k):
    unit = vectors / vectors.norm(dim=1, keepdim=True)
    angles = (unit @ unit[word]).acos()
    angles[word] = 4
    return angles.argsort()[:k]
