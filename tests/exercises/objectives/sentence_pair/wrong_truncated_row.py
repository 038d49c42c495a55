# misconception: what is too long is cut off
# message: special tokens are not removed|\[SEP\] comes last|substring
def sentence_pair(first, second, max_length, cls_id, sep_id):
    row = [cls_id, *first, sep_id, *second, sep_id][:max_length]
    return row, ([0] * (len(first) + 2) + [1] * (len(second) + 1))[:max_length]
