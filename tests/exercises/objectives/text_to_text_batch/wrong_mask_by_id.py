# misconception: what is not pad_id is text
# message: lengths tell what is padding
import torch
from torch.nn.utils.rnn import pad_sequence


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    source = pad_sequence([torch.tensor(row) for row in sources], True, pad_id)
    inputs = pad_sequence([torch.tensor([start_id, *row]) for row in targets], True, pad_id)
    scored = pad_sequence([torch.tensor([*row, end_id]) for row in targets], True, -100)
    return source, source != pad_id, inputs, scored
