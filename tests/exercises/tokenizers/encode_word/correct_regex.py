# approach: the merges in order, each as a replacement in a text of one private character for each token
def encode_word(word, merges):
    names = sorted({*word, *(token for pair in merges for token in (*pair, pair[0] + pair[1]))})
    code = {token: chr(0xF0000 + i) for i, token in enumerate(names)}
    text = "".join(code[character] for character in word)
    for left, right in merges:
        text = text.replace(code[left] + code[right], code[left + right])
    return [names[ord(letter) - 0xF0000] for letter in text]
