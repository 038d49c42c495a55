# misconception: a list that is given belongs to the function
# message: your function changed the prompt that was given to it
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    start = len(prompt)
    for _ in range(max_new_tokens):
        prompt.append(torch.multinomial(next_probabilities(prompt), 1, generator=generator).item())
        if prompt[-1] == stop_token:
            break
    return prompt[start:]
