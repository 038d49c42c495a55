# misconception: equal integers are the same object
# message: stop_token=1000
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        written.append(torch.multinomial(next_probabilities(prompt + written), 1, generator=generator).item())
        if written[-1] is stop_token:
            break
    return written
