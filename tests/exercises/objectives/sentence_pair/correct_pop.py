# approach: copies that lose their last token
def sentence_pair(first, second, max_length, cls_id, sep_id):
    sentences = [list(first), list(second)]
    while sum(map(len, sentences)) > max_length - 3:
        max(reversed(sentences), key=len).pop()
    row, segments = [cls_id], [0]
    for number, sentence in enumerate(sentences):
        row.extend([*sentence, sep_id])
        segments.extend([number] * (len(sentence) + 1))
    return row, segments
