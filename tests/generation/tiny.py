"""A tiny GPT with opinions, and the same in transformers."""

import torch
import transformers

from lmkit.models import GPT, GPTConfig, load_pretrained

V = 17


def tiny_gpt(seed=0, scale=1.0):
    """Weights far from their starting values, so that its predictions are not all alike."""
    model = GPT(GPTConfig(vocab_size=V, context_length=24, d_model=12, num_layers=2, num_heads=3)).double().eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += scale * 0.4 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return model


def pair(folder, seed=0):
    """Our model and theirs with the same weights."""
    torch.manual_seed(seed)
    config = transformers.GPT2Config(
        vocab_size=V,
        n_positions=24,
        n_embd=12,
        n_layer=2,
        n_head=3,
        initializer_range=0.8,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=0,
    )
    theirs = transformers.GPT2LMHeadModel(config).double().eval()
    theirs.save_pretrained(folder)
    return load_pretrained(folder, dtype=torch.float64), theirs


def prompts(*shape, seed=0):
    return torch.randint(V, shape, generator=torch.Generator().manual_seed(seed))
