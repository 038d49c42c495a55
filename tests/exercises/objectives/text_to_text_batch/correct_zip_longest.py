# approach: columns by zip_longest, turned
from itertools import zip_longest

import torch


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    source = torch.tensor(list(zip_longest(*sources, fillvalue=pad_id))).T
    text = torch.tensor(list(zip_longest(*([True] * len(row) for row in sources), fillvalue=False))).T
    inputs = torch.tensor(list(zip_longest(*([start_id, *row] for row in targets), fillvalue=pad_id))).T
    scored = torch.tensor(list(zip_longest(*([*row, end_id] for row in targets), fillvalue=-100))).T
    return source, text, inputs, scored
