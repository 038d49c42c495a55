# misconception: seeding inside the function makes it reproducible
# message: less probable tokens are drawn too|generators with different seeds gave the same text
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    generator.manual_seed(0)
    for _ in range(max_new_tokens):
        written.append(torch.multinomial(next_probabilities(prompt + written), 1, generator=generator).item())
        if written[-1] == stop_token:
            break
    return written
