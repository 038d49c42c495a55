# approach: a for loop; tensors of one element in the list
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    tokens = list(prompt)
    for _ in range(max_new_tokens):
        token = torch.multinomial(next_probabilities(tokens), 1, generator=generator)
        tokens.append(token)
        if token == stop_token:
            break
    return tokens[len(prompt) :]
