# misconception: the speeds are blended by their logarithms
# message: between the bounds blend as the formula says
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    share = ((turns - slow) / (fast - slow)).clamp(0, 1)
    return omega * factor ** (share - 1)
