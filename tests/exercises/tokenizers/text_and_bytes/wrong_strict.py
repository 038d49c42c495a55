# misconception: every list of bytes is text
# message: \[110, 195\] holds part of a character, and your code stops
def text_to_bytes(text):
    return list(text.encode("utf-8"))


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8")
