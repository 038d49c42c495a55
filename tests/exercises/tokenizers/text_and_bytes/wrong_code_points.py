# misconception: the number of a character is its byte
# message: for '你' you return 20320, which is no byte|'é' is the character number 233, but not the byte 233
def text_to_bytes(text):
    return [ord(character) for character in text]


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8", errors="replace")
