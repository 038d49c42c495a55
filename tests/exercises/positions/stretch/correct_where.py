# approach: the three cases with where
import torch


def stretch(omega, factor, trained_length, slow, fast):
    turns = trained_length * omega.double() / (2 * torch.pi)
    share = (turns - slow) / (fast - slow)
    between = omega * share + omega / factor * (1 - share)
    return torch.where(turns <= slow, omega / factor, torch.where(turns >= fast, omega.double(), between))
