# approach: PyTorch's own padding
import torch
from torch.nn.utils.rnn import pad_sequence


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    source = pad_sequence([torch.tensor(row) for row in sources], batch_first=True, padding_value=pad_id)
    lengths = torch.tensor([len(row) for row in sources])
    text = torch.arange(source.shape[1]) < lengths[:, None]
    inputs = pad_sequence([torch.tensor([start_id, *row]) for row in targets], True, pad_id)
    scored = pad_sequence([torch.tensor([*row, end_id]) for row in targets], True, -100)
    return source, text, inputs, scored
