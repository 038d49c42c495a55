# misconception: the most probable token is written
# message: less probable tokens are drawn too
def sample_text(next_probabilities, prompt, max_new_tokens, stop_token, generator):
    written = []
    for _ in range(max_new_tokens):
        written.append(int(next_probabilities(prompt + written).argmax()))
        if written[-1] == stop_token:
            break
    return written
