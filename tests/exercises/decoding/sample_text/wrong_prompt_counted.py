# misconception: max_new_tokens counts the prompt
# message: max_new_tokens is 5, the stop token did not come, and you wrote 3 tokens
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    tokens = list(prompt)
    while len(tokens) < max_new_tokens:
        tokens.append(torch.multinomial(next_probabilities(tokens), 1, generator=generator).item())
        if tokens[-1] == stop_token:
            break
    return tokens[len(prompt) :]
