# misconception: the second sentence is shortened
# message: the longer sentence|too long|special tokens|pop from empty
def sentence_pair(first, second, max_length, cls_id, sep_id):
    second = second[: max(0, max_length - 3 - len(first))]
    row = [cls_id, *first, sep_id, *second, sep_id]
    return row, [0] * (len(first) + 2) + [1] * (len(second) + 1)
