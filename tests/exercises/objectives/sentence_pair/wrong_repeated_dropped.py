# misconception: special ids cannot occur in a sentence
# message: wrong row|wrong for special
def sentence_pair(first, second, max_length, cls_id, sep_id):
    first, second = ([t for t in s if t not in (cls_id, sep_id)] for s in (first, second))
    while len(first) + len(second) + 3 > max_length:
        (first if len(first) > len(second) else second).pop()
    row = [cls_id, *first, sep_id, *second, sep_id]
    return row, [0] * (len(first) + 2) + [1] * (len(second) + 1)
