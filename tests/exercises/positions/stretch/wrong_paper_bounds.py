# misconception: the bounds are 1 and 32, as in the paper
# message: keep \[
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    share = ((turns - 1) / 31).clamp(0, 1)
    return share * omega + (1 - share) * omega / factor
