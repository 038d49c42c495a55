# misconception: the global random state is good enough
# message: two generators with the same seed gave different texts
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        written.append(torch.multinomial(next_probabilities(prompt + written), 1).item())
        if written[-1] == stop_token:
            break
    return written
