# misconception: turns are counted on the longer text
# message: keep \[|does your code use trained_length
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = factor * trained_length * omega / (2 * math.pi)
    share = ((turns - slow) / (fast - slow)).clamp(0, 1)
    return share * omega + (1 - share) * omega / factor
