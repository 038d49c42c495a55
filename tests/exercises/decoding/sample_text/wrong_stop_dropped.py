# misconception: the stop token is a signal and no part of the text
# message: and it is not in your list: it belongs to the text
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        token = torch.multinomial(next_probabilities(prompt + written), 1, generator=generator).item()
        if token == stop_token:
            break
        written.append(token)
    return written
