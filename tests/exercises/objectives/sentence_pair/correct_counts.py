# approach: tokens are taken in turn while there is room; the first sentence goes first
def sentence_pair(first, second, max_length, cls_id, sep_id):
    keep, room = [0, 0], min(max_length - 3, len(first) + len(second))
    while sum(keep) < room:
        shorter = 0 if keep[0] <= keep[1] else 1
        if keep[shorter] == len((first, second)[shorter]):
            shorter = 1 - shorter
        keep[shorter] += 1
    row, segments = [cls_id], [0]
    for number, sentence in enumerate((first, second)):
        row += [*sentence[: keep[number]], sep_id]
        segments += [number] * (keep[number] + 1)
    return row, segments
