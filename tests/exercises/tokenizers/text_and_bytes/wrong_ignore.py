# misconception: what is no text may be dropped silently
# message: holds part of a character, and nothing in 'n' shows that
def text_to_bytes(text):
    return list(text.encode("utf-8"))


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8", errors="ignore")
