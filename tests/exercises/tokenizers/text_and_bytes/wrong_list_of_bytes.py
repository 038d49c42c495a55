# misconception: an item of a list of bytes is a bytes object
# message: b'l' is a bytes: the list holds integers
def text_to_bytes(text):
    return [character.encode() for character in text]


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8", errors="replace")
