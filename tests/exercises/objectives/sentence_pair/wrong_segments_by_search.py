# misconception: the first separator ends the first sentence
# message: wrong segment ids
def sentence_pair(first, second, max_length, cls_id, sep_id):
    first, second = list(first), list(second)
    while len(first) + len(second) + 3 > max_length:
        (first if len(first) > len(second) else second).pop()
    row = [cls_id, *first, sep_id, *second, sep_id]
    end = row.index(sep_id) + 1
    return row, [0] * end + [1] * (len(row) - end)
