# misconception: each sentence gets half of the room
# message: the longer sentence|only what does not fit
def sentence_pair(first, second, max_length, cls_id, sep_id):
    room = max_length - 3
    if len(first) + len(second) > room:
        first, second = first[: room - room // 2], second[: room // 2]
    row = [cls_id, *first, sep_id, *second, sep_id]
    return row, [0] * (len(first) + 2) + [1] * (len(second) + 1)
