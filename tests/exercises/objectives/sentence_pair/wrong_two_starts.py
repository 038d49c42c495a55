# misconception: each sentence begins with its own start
# message: \[CLS\] comes once|too long
def sentence_pair(first, second, max_length, cls_id, sep_id):
    row = [cls_id, *first, sep_id, cls_id, *second, sep_id]
    return row, [0] * (len(first) + 2) + [1] * (len(second) + 2)
