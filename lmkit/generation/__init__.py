"""Generating text with a model: sampling, beam search, contrastive search and speculative decoding."""

from lmkit.generation.beam import Hypothesis, beam_search
from lmkit.generation.choosing import ChooseNext, greedy, min_p, repetition_penalty, temperature, top_k, top_p
from lmkit.generation.compiled import CompiledStep
from lmkit.generation.contrastive import contrastive_search
from lmkit.generation.generate import Stop, generate, stop_at, stream
from lmkit.generation.speculative import accept_drafts, generate_speculatively

__all__ = [
    "ChooseNext",
    "CompiledStep",
    "Hypothesis",
    "Stop",
    "accept_drafts",
    "beam_search",
    "contrastive_search",
    "generate",
    "generate_speculatively",
    "greedy",
    "min_p",
    "repetition_penalty",
    "stop_at",
    "stream",
    "temperature",
    "top_k",
    "top_p",
]
