# misconception: rows are padded to max_length
# message: \[SEP\] comes last
def sentence_pair(first, second, max_length, cls_id, sep_id):
    first, second = list(first), list(second)
    while len(first) + len(second) + 3 > max_length:
        (first if len(first) > len(second) else second).pop()
    row = [cls_id, *first, sep_id, *second, sep_id]
    segments = [0] * (len(first) + 2) + [1] * (len(second) + 1)
    padding = [0] * (max_length - len(row))
    return row + padding, segments + padding
