# misconception: the blend holds for all pairs
# message: the share g is at
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    share = (turns - slow) / (fast - slow)
    return share * omega + (1 - share) * omega / factor
