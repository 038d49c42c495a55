# misconception: the beginning of a sentence is less important
# message: tokens are removed at the end
def sentence_pair(first, second, max_length, cls_id, sep_id):
    first, second = list(first), list(second)
    while len(first) + len(second) + 3 > max_length:
        (first if len(first) > len(second) else second).pop(0)
    row = [cls_id, *first, sep_id, *second, sep_id]
    return row, [0] * (len(first) + 2) + [1] * (len(second) + 1)
