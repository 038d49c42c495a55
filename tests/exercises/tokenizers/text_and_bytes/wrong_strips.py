# misconception: line ends and spaces at the ends are no text
# message: the bytes of .* come back as another text|are wrong
def text_to_bytes(text):
    return list(text.encode("utf-8"))


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8", errors="replace").strip()
