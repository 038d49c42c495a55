# misconception: the inputs are the targets moved by one
# message: become|inputs
import torch
from torch.nn.utils.rnn import pad_sequence


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    source = pad_sequence([torch.tensor(row) for row in sources], True, pad_id)
    text = pad_sequence([torch.ones(len(row)) for row in sources], True, 0.0).bool()
    scored = pad_sequence([torch.tensor([*row, end_id]) for row in targets], True, -100)
    inputs = scored.roll(1, 1).masked_fill(scored.roll(1, 1) == -100, pad_id)
    inputs[:, 0] = start_id
    return source, text, inputs, scored
