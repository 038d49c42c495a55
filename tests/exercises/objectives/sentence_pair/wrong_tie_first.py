# misconception: of two equal sentences the first is shortened when they were equal from the start
# message: wrong row for sentences of 4 and 4
def sentence_pair(first, second, max_length, cls_id, sep_id):
    a, b = list(first), list(second)
    equal = len(a) == len(b)
    while len(a) + len(b) + 3 > max_length:
        (a if len(a) > len(b) or (equal and len(a) == len(b)) else b).pop()
    return [cls_id, *a, sep_id, *b, sep_id], [0] * (len(a) + 2) + [1] * (len(b) + 1)
