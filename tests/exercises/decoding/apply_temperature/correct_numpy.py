# approach: numpy in float64, log-sum-exp
import numpy as np


def apply_temperature(logits, temperature):
    scaled = np.array(logits.tolist()) / temperature
    return np.exp(scaled - np.logaddexp.reduce(scaled))
