# approach: the model is called with the name of its argument
from torch import *  # noqa: F403


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    text = [*prompt]
    while len(text) < len(prompt) + max_new_tokens:
        text += multinomial(next_probabilities(tokens=text), 1, generator=generator).tolist()  # noqa: F405
        if text[-1] == stop_token:
            break
    return text[len(prompt) :]
