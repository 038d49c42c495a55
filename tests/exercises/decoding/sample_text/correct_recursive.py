# approach: one token, and the rest of the text by a call of itself
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    if max_new_tokens == 0:
        return []
    noise = torch.empty(len(next_probabilities(prompt))).exponential_(generator=generator)
    token = (next_probabilities(prompt) / noise).argmax().item()
    if token == stop_token:
        return [token]
    return [token, *sample_text(next_probabilities, [*prompt, token], max_new_tokens - 1, stop_token, generator)]
