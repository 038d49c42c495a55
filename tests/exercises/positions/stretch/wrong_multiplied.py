# misconception: longer texts need faster pairs
# message: slow pairs turn faster
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    share = ((turns - slow) / (fast - slow)).clamp(0, 1)
    return share * omega + (1 - share) * omega * factor
