# misconception: a text of L tokens has L - 1 steps, so that many count
# message: wrong for a pair|keep \[
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = (trained_length - 1) * omega / (2 * math.pi)
    share = ((turns - slow) / (fast - slow)).clamp(0, 1)
    return share * omega + (1 - share) * omega / factor
