# misconception: the model's numbers are logits, and need a softmax
# message: a model that counts upwards wrote|max_new_tokens is 5, the stop token did not come
import torch


def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        probabilities = next_probabilities(prompt + written).softmax(0)
        written.append(torch.multinomial(probabilities, 1, generator=generator).item())
        if written[-1] == stop_token:
            break
    return written
