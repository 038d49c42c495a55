# misconception: a stop token anywhere in the text ends it
# message: the prompt contains the stop token, and you wrote (nothing|\[4\]): only a new one
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    tokens = list(prompt)
    while len(tokens) < len(prompt) + max_new_tokens and stop_token not in tokens:
        tokens.append(torch.multinomial(next_probabilities(tokens), 1, generator=generator).item())
    return tokens[len(prompt) :]
