# misconception: the separator begins the second segment
# message: the first separator belongs to the first sentence
def sentence_pair(first, second, max_length, cls_id, sep_id):
    first, second = list(first), list(second)
    while len(first) + len(second) + 3 > max_length:
        (first if len(first) > len(second) else second).pop()
    row = [cls_id, *first, sep_id, *second, sep_id]
    return row, [0] * (len(first) + 1) + [1] * (len(second) + 2)
