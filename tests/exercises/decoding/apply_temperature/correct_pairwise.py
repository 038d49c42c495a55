# approach: p_i = 1 / sum of exp((z_j - z_i) / temperature); a sum that is infinite gives 0
import torch


def apply_temperature(logits, temperature):
    differences = (logits.unsqueeze(0) - logits.unsqueeze(1)) / temperature
    return 1 / torch.exp(differences).sum(dim=1)
