# misconception: the texts may be made longer where they are
# message: changed its argument
import torch


def text_to_text_batch(sources, targets, pad_id, start_id, end_id):
    lengths = torch.tensor([len(row) for row in sources])
    scored = [[*row, end_id] for row in targets]
    inputs = [[start_id, *row] for row in targets]
    for rows, value in ((sources, pad_id), (inputs, pad_id), (scored, -100)):
        length = max(map(len, rows))
        for row in rows:
            row.extend([value] * (length - len(row)))
    source, inputs, scored = map(torch.tensor, (sources, inputs, scored))
    return source, torch.arange(source.shape[1]) < lengths[:, None], inputs, scored
