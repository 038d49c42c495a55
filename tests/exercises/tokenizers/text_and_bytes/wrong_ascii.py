# misconception: text is ASCII
# message: 'é' has no place in your encoding: .* Which encoding is asked for
def text_to_bytes(text):
    return list(text.encode("ascii"))


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8", errors="replace")
