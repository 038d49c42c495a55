# misconception: only the longer sentence is shortened
# message: the longer sentence, or|wrong row
def sentence_pair(first, second, max_length, cls_id, sep_id):
    over = max(0, len(first) + len(second) + 3 - max_length)
    if over and len(first) > len(second):
        first = first[: max(1, len(first) - over)]
    elif over:
        second = second[: max(1, len(second) - over)]
    over = max(0, len(first) + len(second) + 3 - max_length)
    if over:
        first, second = first[: max(1, len(first) - over)], second[: max_length - 4]
    row = [cls_id, *first, sep_id, *second, sep_id]
    return row, [0] * (len(first) + 2) + [1] * (len(second) + 1)
