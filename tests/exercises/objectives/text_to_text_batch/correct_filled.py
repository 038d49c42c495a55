# approach: full tensors, filled row by row
import torch


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    B, S, T = len(sources), max(map(len, sources)), max(map(len, targets))
    source = torch.full((B, S), pad_id)
    text = torch.zeros(B, S, dtype=torch.bool)
    inputs = torch.full((B, T + 1), pad_id)
    scored = torch.full((B, T + 1), -100)
    inputs[:, 0] = start_id
    for b, (one, two) in enumerate(zip(sources, targets, strict=True)):
        source[b, : len(one)] = torch.tensor(one)
        text[b, : len(one)] = True
        inputs[b, 1 : len(two) + 1] = torch.tensor(two, dtype=torch.long)
        scored[b, : len(two)] = torch.tensor(two, dtype=torch.long)
        scored[b, len(two)] = end_id
    return source, text, inputs, scored
