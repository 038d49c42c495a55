# misconception: a row is shorter than max_length
# message: only what does not fit is removed
def sentence_pair(first, second, max_length, cls_id, sep_id):
    first, second = list(first), list(second)
    while len(first) + len(second) + 3 >= max_length and len(first) + len(second) > 2:
        (first if len(first) > len(second) else second).pop()
    row = [cls_id, *first, sep_id, *second, sep_id]
    return row, [0] * (len(first) + 2) + [1] * (len(second) + 1)
