# approach: UTF-8 written out; every byte that is no text becomes a replacement character of its own
def text_to_bytes(text):
    token_ids = []
    for number in map(ord, text):
        if number < 0x80:
            token_ids.append(number)
        elif number < 0x800:
            token_ids += [0xC0 + number // 64, 0x80 + number % 64]
        elif number < 0x10000:
            token_ids += [0xE0 + number // 4096, 0x80 + number // 64 % 64, 0x80 + number % 64]
        else:
            token_ids += [0xF0 + number // 2**18, 0x80 + number // 4096 % 64]
            token_ids += [0x80 + number // 64 % 64, 0x80 + number % 64]
    return token_ids


def bytes_to_text(token_ids):
    text, start = "", 0
    while start < len(token_ids):
        first = token_ids[start]
        size = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        try:
            text += bytes(token_ids[start : start + size]).decode()
            start += size
        except UnicodeDecodeError:
            text += "\ufffd"
            start += 1
    return text
