"""Small models of each family, by `transformers` and by us, for the tests of what is stored and loaded."""

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file

from lmkit.models import (
    BERT,
    GPT,
    BERTConfig,
    EncoderDecoder,
    EncoderDecoderConfig,
    GPTConfig,
    Llama,
    LlamaConfig,
)

V = 29

GPT2 = {"vocab_size": V, "n_positions": 11, "n_embd": 15, "n_layer": 2, "n_head": 3, "n_inner": 22}

LLAMA = {
    "vocab_size": V,
    "max_position_embeddings": 11,
    "hidden_size": 18,
    "intermediate_size": 22,
    "num_hidden_layers": 2,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "head_dim": 4,
    "rope_theta": 500.0,
}

BERT_SIZES = {
    "vocab_size": V,
    "max_position_embeddings": 11,
    "hidden_size": 15,
    "intermediate_size": 22,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
}

MARIAN = {
    "vocab_size": V,
    "max_position_embeddings": 11,
    "d_model": 12,
    "encoder_layers": 2,
    "decoder_layers": 1,
    "encoder_attention_heads": 3,
    "decoder_attention_heads": 3,
    "encoder_ffn_dim": 22,
    "decoder_ffn_dim": 22,
    "pad_token_id": V - 1,
    "decoder_start_token_id": V - 1,
}

THEIRS = {
    "gpt2": lambda: transformers.GPT2LMHeadModel(transformers.GPT2Config(**GPT2)),
    "gpt2-untied": lambda: transformers.GPT2LMHeadModel(transformers.GPT2Config(**GPT2, tie_word_embeddings=False)),
    "llama": lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(**LLAMA)),
    "llama-tied": lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(**LLAMA, tie_word_embeddings=True)),
    "bert": lambda: transformers.BertForPreTraining(transformers.BertConfig(**BERT_SIZES)),
    "bert-untied": lambda: transformers.BertForPreTraining(
        transformers.BertConfig(**BERT_SIZES, tie_word_embeddings=False)
    ),
    "marian": lambda: transformers.MarianMTModel(
        transformers.MarianConfig(**MARIAN, activation_function="swish", scale_embedding=True)
    ),
    "marian-separate": lambda: transformers.MarianMTModel(
        transformers.MarianConfig(**MARIAN, decoder_vocab_size=V + 4, share_encoder_decoder_embeddings=False)
    ),
}

SIZES = {"vocab_size": V, "context_length": 11, "d_model": 18, "num_layers": 2, "num_heads": 3}

OURS = {
    "gpt2": lambda: GPT(GPTConfig(**SIZES)),
    "gpt2-untied": lambda: GPT(GPTConfig(**SIZES, d_ff=22, tie_embeddings=False)),
    "llama": lambda: Llama(
        LlamaConfig(**{**SIZES, "num_heads": 6}, num_kv_heads=2, d_head=4, d_ff=22, rope_base=500.0)
    ),
    "llama-tied": lambda: Llama(LlamaConfig(**{**SIZES, "num_heads": 9}, d_ff=22, tie_embeddings=True)),
    "bert": lambda: BERT(BERTConfig(**SIZES)),
    "bert-untied": lambda: BERT(BERTConfig(**SIZES, d_ff=22, tie_embeddings=False)),
    "marian": lambda: EncoderDecoder(EncoderDecoderConfig(**SIZES, num_decoder_layers=1)),
    "marian-separate": lambda: EncoderDecoder(EncoderDecoderConfig(**SIZES, source_vocab_size=V - 5)),
    "marian-untied": lambda: EncoderDecoder(
        EncoderDecoderConfig(**SIZES, source_vocab_size=V, tie_embeddings=False, scale_embeddings=False)
    ),
}


def randomise(model, seed=0):
    """Weights of a size that makes every path show, where initial ones would hide a wrong bias or gain."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        tensors = [*model.parameters(), *(b for name, b in model.named_buffers() if name == "final_logits_bias")]
        for tensor in tensors:
            tensor += 0.2 * torch.randn(tensor.shape, generator=generator, dtype=tensor.dtype)
    return model.eval()


def exact_sinusoids(model):
    """Give a Marian of transformers a table in the model's dtype; its own is rounded to fp32."""
    for part in (model.model.encoder, model.model.decoder):
        weight = part.embed_positions.weight
        t, j = np.mgrid[: weight.shape[0], : weight.shape[1] // 2]
        angles = t / 10000 ** (2 * j / weight.shape[1])
        weight.data = torch.tensor(np.concatenate([np.sin(angles), np.cos(angles)], axis=1), dtype=weight.dtype)


def change(folder, edit):
    tensors = load_file(folder / "model.safetensors")
    edit(tensors)
    save_file(tensors, folder / "model.safetensors")
