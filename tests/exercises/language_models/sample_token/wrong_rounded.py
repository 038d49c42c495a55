# misconception: a table with four places is fine enough
# message: this is too far off to be chance
import torch


def sample_token(probabilities, generator):
    table = [token for token, p in enumerate(probabilities.tolist()) for _ in range(round(4 * p))]
    return table[torch.randint(len(table), (1,), generator=generator).item()]
