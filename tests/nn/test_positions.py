import math

import pytest
import torch

from lmkit.nn import RotaryPositions, alibi_bias, alibi_slopes, padding_mask, position_ids, sinusoidal_positions


def test_positions_are_counted_without_padding():
    left = padding_mask(torch.tensor([2, 4]), 4, side="left")
    assert position_ids(4, padding_mask=left).tolist() == [[0, 0, 0, 1], [0, 1, 2, 3]]
    assert position_ids(1, padding_mask=left).tolist() == [[1], [3]]
    assert position_ids(3, start=5).tolist() == [[5, 6, 7]]


def test_sinusoidal_positions_follow_the_formula_in_both_layouts():
    interleaved = sinusoidal_positions(torch.arange(7), 6, layout="interleaved", dtype=torch.float64)
    halves = sinusoidal_positions(torch.arange(7), 6, layout="halves", dtype=torch.float64)
    for t in range(7):
        for i in range(3):
            angle = t / 10000 ** (2 * i / 6)
            for table, sine, cosine in ((interleaved, 2 * i, 2 * i + 1), (halves, i, 3 + i)):
                assert table[t, sine].item() == pytest.approx(math.sin(angle), abs=1e-12)
                assert table[t, cosine].item() == pytest.approx(math.cos(angle), abs=1e-12)


def test_a_shift_turns_a_sinusoidal_position_by_a_fixed_matrix():
    table, shift = sinusoidal_positions(torch.arange(40), 8, dtype=torch.float64), 5
    solution = torch.linalg.lstsq(table[:20], table[shift : 20 + shift]).solution
    torch.testing.assert_close(table[20:35] @ solution, table[20 + shift : 35 + shift], atol=1e-6, rtol=0)


@pytest.mark.parametrize("layout", ["interleaved", "halves"])
def test_rotary_scores_depend_on_distance_alone_and_lengths_are_kept(layout):
    generator = torch.Generator().manual_seed(0)
    queries, keys = (torch.randn(1, 2, 6, 8, generator=generator, dtype=torch.float64) for _ in range(2))
    rotary = RotaryPositions(8, layout=layout)

    def scores(start):
        rotation = rotary(position_ids(6, start=start), torch.float64)
        return rotation(queries) @ rotation(keys).transpose(-1, -2)

    torch.testing.assert_close(scores(0), scores(1000), atol=1e-10, rtol=0)
    assert not torch.allclose(scores(0), queries @ keys.transpose(-1, -2), atol=1e-3)
    rotated = rotary(position_ids(6), torch.float64)(queries)
    torch.testing.assert_close(rotated.norm(dim=-1), queries.norm(dim=-1), atol=1e-12, rtol=0)


def test_the_two_rotary_layouts_are_one_up_to_the_order_of_columns():
    x = torch.randn(1, 1, 5, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    order = torch.tensor([0, 2, 4, 6, 1, 3, 5, 7])
    interleaved = RotaryPositions(8, layout="interleaved")(position_ids(5), torch.float64)
    halves = RotaryPositions(8, layout="halves")(position_ids(5), torch.float64)
    torch.testing.assert_close(interleaved(x)[..., order], halves(x[..., order]), atol=1e-12, rtol=0)


def test_interleaved_rotation_is_multiplication_by_a_complex_number():
    x = torch.randn(1, 1, 5, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    theta = torch.arange(5)[:, None] * 10000.0 ** (-torch.arange(4, dtype=torch.float64) / 4)
    numbers = torch.view_as_complex(x.unflatten(-1, (4, 2))) * torch.polar(torch.ones_like(theta), theta)
    rotated = RotaryPositions(8)(position_ids(5), torch.float64)(x)
    torch.testing.assert_close(rotated, torch.view_as_real(numbers).flatten(-2), atol=1e-12, rtol=0)


def test_angles_are_taken_in_fp32_at_least():
    rotation = RotaryPositions(4)(position_ids(1, start=1001), torch.bfloat16)
    assert rotation.cos.dtype == torch.float32  # in bf16, 1001 would be 1000
    assert rotation.cos[0, 0, 0, 0].item() == pytest.approx(math.cos(1001), abs=1e-4)


def test_alibi_slopes():
    assert alibi_slopes(8).tolist() == [2.0**-n for n in range(1, 9)]
    # The authors' rule for six heads: the four slopes of four heads, then every second one of eight.
    assert alibi_slopes(6).tolist() == [0.25, 0.0625, 0.015625, 0.00390625, 0.5, 0.125]


def test_alibi_bias_is_proportional_to_distance():
    bias = alibi_bias(2, 2, 4)
    assert bias.shape == (2, 2, 4)
    assert (bias[0] / 2**-4).tolist() == [[-2.0, -1.0, -0.0, -1.0], [-3.0, -2.0, -1.0, -0.0]]
    assert torch.equal(alibi_bias(2, 4)[:, 2:], bias)


def test_odd_widths_are_refused():
    with pytest.raises(ValueError, match="5 columns do not form pairs"):
        sinusoidal_positions(torch.arange(3), 5)
    with pytest.raises(ValueError, match="d_head=5 must be even"):
        RotaryPositions(5)


def test_the_base_is_10000_unless_another_is_given():
    positions = torch.tensor([[5]])
    for rotary, base in ((RotaryPositions(8), 10000), (RotaryPositions(8, base=500.0), 500)):
        for i in range(4):
            cosine = rotary(positions, torch.float64).cos[0, 0, 0, i].item()
            assert cosine == pytest.approx(math.cos(5 * base ** (-2 * i / 8)), abs=1e-12)
    assert sinusoidal_positions(positions, 4, dtype=torch.float64)[0, 0, 2].item() == pytest.approx(
        math.sin(5 / 10000**0.5), abs=1e-12
    )
