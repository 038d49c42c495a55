# misconception: padding comes first
# message: padding comes at the end
import torch


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    def padded(rows, value):
        length = max(map(len, rows))
        return torch.tensor([[value] * (length - len(row)) + row for row in rows])

    inputs = padded([[start_id, *row] for row in targets], pad_id)
    text = padded([[True] * len(row) for row in sources], False)
    return padded(sources, pad_id), text, inputs, padded([[*row, end_id] for row in targets], -100)
