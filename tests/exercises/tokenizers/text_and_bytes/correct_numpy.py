# approach: numpy arrays of uint8
import numpy as np


def text_to_bytes(text):
    return np.frombuffer(text.encode(), dtype=np.uint8)


def bytes_to_text(token_ids):
    return np.array(token_ids, dtype=np.uint8).tobytes().decode(errors="replace")
