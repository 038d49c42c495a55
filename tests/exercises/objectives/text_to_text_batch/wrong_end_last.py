# misconception: the end token is at the end of the row
# message: the end token follows the text at once
import torch
from torch.nn.utils.rnn import pad_sequence


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    source = pad_sequence([torch.tensor(row) for row in sources], True, pad_id)
    text = pad_sequence([torch.ones(len(row)) for row in sources], True, 0.0).bool()
    inputs = pad_sequence([torch.tensor([start_id, *row]) for row in targets], True, pad_id)
    scored = pad_sequence([torch.tensor([*row, -100]) for row in targets], True, -100)
    scored[:, -1] = end_id
    return source, text, inputs, scored
