# misconception: the share is measured from 0
# message: keep \[
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    share = (turns / fast).clamp(0, 1) * (turns > slow)
    return share * omega + (1 - share) * omega / factor
