# misconception: one call of the model is enough for the whole text
# message: a model that counts upwards wrote \[5, 5, 5, 5, 5\] after
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        written.append(torch.multinomial(next_probabilities(prompt), 1, generator=generator).item())
        if written[-1] == stop_token:
            break
    return written
