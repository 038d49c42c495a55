# misconception: only slow pairs leave the blend
# message: the share g is at most 1
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    share = ((turns - slow) / (fast - slow)).clamp(min=0)
    return share * omega + (1 - share) * omega / factor
