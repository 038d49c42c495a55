# misconception: any Unicode encoding will do
# message: 'low' has 3 bytes in UTF-8, and your list has 8: is it another encoding
def text_to_bytes(text):
    return list(text.encode("utf-16"))


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8", errors="replace")
