# misconception: each byte can be decoded on its own
# message: is not the text|one character for each byte
def text_to_bytes(text):
    return list(text.encode("utf-8"))


def bytes_to_text(token_ids):
    return "".join(bytes([token]).decode(errors="replace") for token in token_ids)
