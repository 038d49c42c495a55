"""Small models for tests, far from their starting values, so that what they compute differs from place to place."""

import torch

from lmkit.models import GPT, GPTConfig


def scattered_gpt(config: GPTConfig, spread: float) -> GPT:
    """A GPT in float64 with noise of this standard deviation added to every parameter, in evaluation mode."""
    model = GPT(config).double().eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += spread * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return model
