# misconception: a stop token is an index, and -1 the last token
# message: a model with one possible token each time wrote|index
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        probabilities = next_probabilities(prompt + written)
        written.append(torch.multinomial(probabilities, 1, generator=generator).item())
        if written[-1] == stop_token % 30 or len(written) == 256:
            break
    return written
