# misconception: the list belongs to the function
# message: changed the list that was given to it|come back as another text
def text_to_bytes(text):
    return list(text.encode("utf-8"))


def bytes_to_text(token_ids):
    text = b""
    while token_ids:
        text += bytes([token_ids.pop(0)])
    return text.decode("utf-8", errors="replace")
