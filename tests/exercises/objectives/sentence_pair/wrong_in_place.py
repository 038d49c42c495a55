# misconception: the sentences may be shortened where they are
# message: changed its argument `first`|changed its argument `second`
def sentence_pair(first, second, max_length, cls_id, sep_id):
    while len(first) + len(second) + 3 > max_length:
        (first if len(first) > len(second) else second).pop()
    row = [cls_id, *first, sep_id, *second, sep_id]
    return row, [0] * (len(first) + 2) + [1] * (len(second) + 1)
