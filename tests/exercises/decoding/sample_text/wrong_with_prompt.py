# misconception: the text that comes back begins with the prompt
# message: begins with the prompt: return the new tokens only
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    tokens = list(prompt)
    for _ in range(max_new_tokens):
        tokens.append(torch.multinomial(next_probabilities(tokens), 1, generator=generator).item())
        if tokens[-1] == stop_token:
            break
    return tokens
