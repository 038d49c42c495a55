"""What makes a tensor puts it where its input is; the device "meta" stands for any that is not the CPU."""

import pytest
import torch

from lmkit.nn import (
    KeyValueCache,
    LearnedPositions,
    MultiHeadAttention,
    RotaryPositions,
    TokenEmbedding,
    angles,
    causal_mask,
    combine_masks,
    document_mask,
    padding_mask,
    permutation_masks,
    position_ids,
    prefix_mask,
    sinusoidal_positions,
)

IDS = torch.zeros(2, 4, dtype=torch.long, device="meta")
LENGTHS = torch.zeros(2, dtype=torch.long, device="meta")
REAL = torch.ones(2, 4, dtype=torch.bool, device="meta")


@pytest.mark.parametrize(
    "make",
    [
        lambda: causal_mask(3, 4, device="meta"),
        lambda: padding_mask(LENGTHS, 4),
        lambda: padding_mask(LENGTHS, 4, side="left"),
        lambda: combine_masks(causal_mask(4, device="meta").expand(2, 4, 4), REAL),
        lambda: document_mask(IDS),
        lambda: prefix_mask(LENGTHS, 4),
        lambda: permutation_masks(IDS)[0],
        lambda: permutation_masks(IDS)[1],
        lambda: position_ids(4, device="meta"),
        lambda: position_ids(4, padding_mask=REAL),
        lambda: angles(IDS, 6),
        lambda: sinusoidal_positions(IDS, 6),
        lambda: sinusoidal_positions(IDS, 6, layout="halves"),
        lambda: RotaryPositions(6)(IDS, torch.float32).cos,
        lambda: TokenEmbedding(7, 6).to("meta")(IDS),
        lambda: LearnedPositions(7, 6).to("meta")(IDS),
    ],
)
def test_it_is_where_its_input_is(make):
    assert make().device.type == "meta"


@pytest.mark.parametrize("return_weights", [False, True])
@pytest.mark.parametrize("mask", [None, REAL.unsqueeze(1)])
def test_attention_stays_there(return_weights, mask):
    attention = MultiHeadAttention(d_model=8, num_heads=4, num_kv_heads=2).to("meta")
    cache = KeyValueCache(num_layers=1, batch_size=2, num_kv_heads=2, max_length=4, d_head=2, device="meta")
    rotation = RotaryPositions(2)(position_ids(4, device="meta"), torch.float32)
    hidden, _ = attention(
        torch.zeros(2, 4, 8, device="meta"),
        mask=mask,
        is_causal=True,
        rotation=rotation,
        cache=cache.layers[0],
        return_weights=return_weights,
    )
    assert hidden.device.type == "meta"
    assert cache.extend_padding_mask(IDS[:, :1], None) is None
    assert cache.extend_padding_mask(IDS[:, :1], REAL[:, :1]).device.type == "meta"
    assert cache.extend_padding_mask(IDS[:, :1], None).device.type == "meta"
