"""The parts that models are made of: embeddings, positions, normalisation, masks, attention, feed-forward, cache."""

from lmkit.nn.attention import MultiHeadAttention, dot_product_attention, fused_attention
from lmkit.nn.cache import KeyValueCache, LayerCache
from lmkit.nn.dropout import Dropout
from lmkit.nn.embeddings import TokenEmbedding, tie
from lmkit.nn.feedforward import Activation, FeedForward, SwiGLU, gelu, gelu_tanh, silu
from lmkit.nn.fixed_shape_cache import FixedShapeCache
from lmkit.nn.initialisation import initialise
from lmkit.nn.linear_layer import Linear, linear
from lmkit.nn.masks import causal_mask, combine_masks, document_mask, padding_mask, permutation_masks, prefix_mask
from lmkit.nn.normalisation import LayerNorm, RMSNorm, layer_norm, rms_norm
from lmkit.nn.positions import (
    Layout,
    LearnedPositions,
    RotaryPositions,
    Rotation,
    alibi_bias,
    alibi_slopes,
    angles,
    position_ids,
    sinusoidal_positions,
)
from lmkit.nn.recurrent import lstm_step

__all__ = [
    "Activation",
    "Dropout",
    "FeedForward",
    "FixedShapeCache",
    "KeyValueCache",
    "LayerCache",
    "LayerNorm",
    "Layout",
    "LearnedPositions",
    "Linear",
    "MultiHeadAttention",
    "RMSNorm",
    "RotaryPositions",
    "Rotation",
    "SwiGLU",
    "TokenEmbedding",
    "alibi_bias",
    "alibi_slopes",
    "angles",
    "causal_mask",
    "combine_masks",
    "document_mask",
    "dot_product_attention",
    "fused_attention",
    "gelu",
    "gelu_tanh",
    "initialise",
    "layer_norm",
    "linear",
    "lstm_step",
    "padding_mask",
    "permutation_masks",
    "position_ids",
    "prefix_mask",
    "rms_norm",
    "silu",
    "sinusoidal_positions",
    "tie",
]
