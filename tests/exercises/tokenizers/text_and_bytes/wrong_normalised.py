# misconception: characters that look alike are the same text
# message: the bytes of .* are wrong
import unicodedata


def text_to_bytes(text):
    return list(unicodedata.normalize("NFC", text).encode("utf-8"))


def bytes_to_text(token_ids):
    return bytes(token_ids).decode("utf-8", errors="replace")
