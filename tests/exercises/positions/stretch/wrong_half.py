# misconception: half precision is accurate enough
# message: wrong for a pair|keep \[|the share g is
import math


def stretch(omega, factor, trained_length, slow, fast):
    omega = omega.bfloat16()
    turns = trained_length * omega / (2 * math.pi)
    share = ((turns - slow) / (fast - slow)).clamp(0, 1)
    return (share * omega + (1 - share) * omega / factor).float()
