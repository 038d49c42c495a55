# misconception: one broken character spoils the whole text
# message: the letters beside the broken character are lost
def text_to_bytes(text):
    return list(text.encode("utf-8"))


def bytes_to_text(token_ids):
    try:
        return bytes(token_ids).decode()
    except UnicodeDecodeError:
        return "\ufffd"
