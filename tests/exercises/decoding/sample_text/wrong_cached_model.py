# misconception: a model's answer to a text can be kept
# message: the tokens do not come as often|with one possible token each time wrote|index
import torch

kept = {}


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        text = (*prompt, *written)
        if text not in kept:
            kept[text] = next_probabilities(list(text))
        written.append(torch.multinomial(kept[text], 1, generator=generator).item())
        if written[-1] == stop_token:
            break
    return written
