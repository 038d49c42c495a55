# misconception: source and target have one length
# message: have the shape
import torch


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    length = max(map(len, sources + targets)) + 1

    def padded(rows, value):
        return torch.tensor([row + [value] * (length - len(row)) for row in rows])

    inputs = padded([[start_id, *row] for row in targets], pad_id)
    text = padded([[True] * len(row) for row in sources], False)
    return padded(sources, pad_id), text, inputs, padded([[*row, end_id] for row in targets], -100)
