# approach: the lengths are computed, not found step by step
def sentence_pair(first, second, max_length, cls_id, sep_id):
    room = max_length - 3
    n, m = len(first), len(second)
    if n + m > room:
        if m <= room // 2:
            n = room - m
        elif n <= room - room // 2:
            m = room - n
        else:
            n, m = room - room // 2, room // 2
    row = [cls_id, *first[:n], sep_id, *second[:m], sep_id]
    return row, [0 if i < n + 2 else 1 for i in range(len(row))]
