# misconception: a target has at least one token
# message: targets \[0, 7\] and \[\]
import torch


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    def padded(rows, value):
        length = max(map(len, rows))
        return torch.tensor([row + [value] * (length - len(row)) for row in rows])

    inputs = padded([[start_id, *row] for row in targets], pad_id)
    text = padded([[True] * len(row) for row in sources], False)
    scored = padded([[*row, end_id] if row else [-100] for row in targets], -100)
    return padded(sources, pad_id), text, inputs, scored
