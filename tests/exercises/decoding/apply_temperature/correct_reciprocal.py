# approach: float32 throughout, multiplied by one over the temperature
import torch


def apply_temperature(logits, temperature):
    scaled = (logits - logits.amax()) * (1 / temperature)
    return torch.exp(scaled - torch.logsumexp(scaled, dim=0))
