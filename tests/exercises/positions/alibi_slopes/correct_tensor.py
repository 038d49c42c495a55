# approach: exponents as a tensor
import torch


def alibi_slopes(num_heads):
    power = 1 << (num_heads.bit_length() - 1)
    exponents = torch.cat([torch.arange(1, power + 1) * 2, torch.arange(1, 2 * power, 2)])[:num_heads]
    return torch.exp2(-4.0 * exponents.double() / power)
