# misconception: fast pairs are slowed down
# message: fast pairs are slowed down and slow ones kept
import math


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega / (2 * math.pi)
    share = ((turns - slow) / (fast - slow)).clamp(0, 1)
    return (1 - share) * omega + share * omega / factor
