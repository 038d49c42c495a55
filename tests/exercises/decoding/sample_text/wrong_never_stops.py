# misconception: max_new_tokens is the length
# message: the stop token is 8, and a model that counts upwards wrote .* where does it end
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        written.append(torch.multinomial(next_probabilities(prompt + written), 1, generator=generator).item())
    return written
