# misconception: the next token depends on the last one only
# message: the model reads the whole text so far
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written, last = [], prompt[-1]
    for _ in range(max_new_tokens):
        last = torch.multinomial(next_probabilities([last]), 1, generator=generator).item()
        written.append(last)
        if last == stop_token:
            break
    return written
