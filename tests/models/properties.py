"""The models of one size, made the same way, for the tests of what they have in common."""

import torch

from lmkit.models import (
    BERT,
    GPT,
    BERTConfig,
    EncoderDecoder,
    EncoderDecoderConfig,
    GPTConfig,
    Llama,
    LlamaConfig,
    LSTMConfig,
    LSTMLanguageModel,
    PermutationLM,
    PermutationLMConfig,
)

V, T, D = 23, 7, 12
SIZES = {"vocab_size": V, "context_length": 9, "d_model": D, "num_layers": 2, "num_heads": 3, "d_ff": 20}

MAKE = {
    "gpt": lambda: GPT(GPTConfig(**SIZES)),
    "gpt-untied": lambda: GPT(GPTConfig(**SIZES, tie_embeddings=False)),
    "llama": lambda: Llama(LlamaConfig(**{**SIZES, "num_heads": 4}, num_kv_heads=2, d_head=6)),
    "lstm": lambda: LSTMLanguageModel(LSTMConfig(vocab_size=V, d_model=D, num_layers=2)),
    "bert": lambda: BERT(BERTConfig(**SIZES)),
    "encoder-decoder": lambda: EncoderDecoder(EncoderDecoderConfig(**SIZES)),
    "permutation": lambda: PermutationLM(PermutationLMConfig(**SIZES)),
}
DECODERS = ["gpt", "llama", "lstm", "encoder-decoder"]
PADDABLE = [*DECODERS, "bert"]


def make(name):
    """A model in float64 with weights large enough that every path through it shows."""
    model = MAKE[name]().double().eval()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.3 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return model


def random_ids(*shape, seed=0):
    return torch.randint(V, shape, generator=torch.Generator().manual_seed(seed))


def call(name, model, token_ids, **masks):
    """Logits; an encoder-decoder gets a source, which is the same for every row."""
    if name == "encoder-decoder":
        return model(token_ids, random_ids(1, 5, seed=9).expand(len(token_ids), 5), **masks)
    return model(token_ids, **masks)
