# misconception: the times of a turn are blended
# message: not the times of a turn
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    share = ((turns - slow) / (fast - slow)).clamp(0, 1)
    return 1 / (share / omega + (1 - share) * factor / omega)
