# misconception: the slow speeds may be divided where they are
# message: changed the tensor `omega`
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    share = ((turns - slow) / (fast - slow)).clamp(0, 1)
    omega *= share + (1 - share) / factor
    return omega
