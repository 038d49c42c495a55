# misconception: Latin-1 is UTF-8
# message: 'é' is the character number 233, but not the byte 233
def text_to_bytes(text):
    return list(text.encode("latin-1", errors="replace"))


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8", errors="replace")
