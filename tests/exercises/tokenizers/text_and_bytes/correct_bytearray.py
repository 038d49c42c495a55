# approach: bytearray one way, an incremental decoder the other way
import codecs


def text_to_bytes(text):
    return bytearray(text, "utf8")


def bytes_to_text(token_ids):
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    text = "".join(decoder.decode(bytes([token])) for token in token_ids)
    return text + decoder.decode(b"", final=True)
