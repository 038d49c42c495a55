# misconception: each byte is a character
# message: comes back as .*, one character for each byte: which bytes belong together
def text_to_bytes(text):
    return list(text.encode("utf-8"))


def bytes_to_text(token_ids):
    return "".join(chr(token) for token in token_ids)
