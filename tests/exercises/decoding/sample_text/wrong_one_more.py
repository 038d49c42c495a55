# misconception: the limit is checked after the token is written
# message: max_new_tokens is 5, and you wrote 6 tokens
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    while True:
        written.append(torch.multinomial(next_probabilities(prompt + written), 1, generator=generator).item())
        if written[-1] == stop_token or len(written) > max_new_tokens:
            return written
