# misconception: the decoder reads the end token as well
# message: the end token is predicted, not read|have the shape
import torch
from torch.nn.utils.rnn import pad_sequence


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    source = pad_sequence([torch.tensor(row) for row in sources], True, pad_id)
    text = pad_sequence([torch.ones(len(row)) for row in sources], True, 0.0).bool()
    whole = pad_sequence([torch.tensor([start_id, *row, end_id]) for row in targets], True, pad_id)
    scored = pad_sequence([torch.tensor([*row, end_id]) for row in targets], True, -100)
    return source, text, whole[:, :-1], scored
