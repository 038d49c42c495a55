# misconception: a text may begin with a byte order mark, which is dropped
# message: come back as another text
def text_to_bytes(text):
    return list(text.encode("utf-8"))


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8-sig", errors="replace")
