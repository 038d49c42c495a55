# approach: one uniform number, looked up in the running sum
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    while len(written) < max_new_tokens and (not written or written[-1] != stop_token):
        ends = next_probabilities([*prompt, *written]).double().cumsum(0)
        uniform = torch.rand(1, generator=generator, dtype=torch.float64) * ends[-1]
        written.append(int(torch.searchsorted(ends, uniform, right=True)))
    return written
