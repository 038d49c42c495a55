# misconception: a model reads no more than 128 tokens
# message: which is not|the model reads the whole text so far|with one possible token each time wrote
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        written.append(torch.multinomial(next_probabilities((prompt + written)[-128:]), 1, generator=generator).item())
        if written[-1] == stop_token:
            break
    return written
