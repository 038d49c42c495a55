# approach: a regular expression over the tokens with separators
import re


def merge_pair(tokens, pair):
    text = "".join(f"<{token}>" for token in tokens)
    left, right = map(re.escape, pair)
    merged = re.sub(f"<{left}><{right}>", lambda _: f"<{''.join(pair)}>", text)
    return re.findall("<([^>]*)>", merged)
