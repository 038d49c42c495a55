# approach: numpy, exponents plus and minus one
import numpy as np


def repetition_penalty(logits, token_ids, penalty):
    values = logits.numpy().astype(float)
    seen = np.isin(np.arange(len(values)), token_ids)
    return values * np.where(seen, float(penalty) ** -np.sign(values), 1.0)
