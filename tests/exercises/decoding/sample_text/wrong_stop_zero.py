# misconception: a stop token of 0 means that there is none
# message: the stop token is 0
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        written.append(torch.multinomial(next_probabilities(prompt + written), 1, generator=generator).item())
        if stop_token and written[-1] == stop_token:
            break
    return written
