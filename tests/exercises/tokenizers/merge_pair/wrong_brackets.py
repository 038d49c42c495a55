# misconception: tokens can be told apart by brackets, which no token contains
# message: with the pair .* becomes|with the pair .* is wrong
import re


def merge_pair(tokens, pair):
    text = "".join(f"<{token}>" for token in tokens)
    left, right = map(re.escape, pair)
    merged = re.sub(f"<{left}><{right}>", lambda _: f"<{''.join(pair)}>", text)
    return re.findall("<([^>]*)>", merged)
