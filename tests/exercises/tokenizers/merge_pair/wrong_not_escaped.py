# misconception: tokens can stand in a regular expression as they are
# message: with the pair .* becomes|multiple repeat|nothing to repeat|bad escape
import re


def merge_pair(tokens, pair):
    text = "".join(f"\x00{token}\x01" for token in tokens)
    merged = re.sub(f"\x00{pair[0]}\x01\x00{pair[1]}\x01", lambda _: f"\x00{''.join(pair)}\x01", text)
    return re.findall("\x00([^\x01]*)\x01", merged)
