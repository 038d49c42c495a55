# approach: pair by pair, with the three cases
import math

import torch


def stretch(omega, factor, trained_length, slow, fast):
    result = []
    for speed in omega.tolist():
        turns = trained_length * speed / (2 * math.pi)
        if turns <= slow:
            result.append(speed / factor)
        elif turns >= fast:
            result.append(speed)
        else:
            share = (turns - slow) / (fast - slow)
            result.append(share * speed + (1 - share) * speed / factor)
    return torch.tensor(result)
