# misconception: bytes are written as hexadecimal digits
# message: text_to_bytes returned the string '6c6f77'
def text_to_bytes(text):
    return text.encode("utf-8").hex()


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8", errors="replace")
