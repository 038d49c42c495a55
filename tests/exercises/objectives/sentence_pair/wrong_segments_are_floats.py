# misconception: 0.0 and 1.0 are segment ids as well
# message: no integers for
def sentence_pair(first, second, max_length, cls_id, sep_id):
    a, b = list(first), list(second)
    while len(a) + len(b) + 3 > max_length:
        (a if len(a) > len(b) else b).pop()
    row = [cls_id, *a, sep_id, *b, sep_id]
    return row, [0.0] * (len(a) + 2) + [1.0] * (len(b) + 1)
