import pytest
import torch

from lmkit.nn import (
    MultiHeadAttention,
    RotaryPositions,
    alibi_bias,
    causal_mask,
    dot_product_attention,
    fused_attention,
)
from lmkit.nn.cache import LayerCache

B, T, S, H, G, K, D = 2, 5, 7, 6, 2, 4, 12


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def layer(num_kv_heads=G, d_head=K, bias=True):
    torch.manual_seed(0)
    return MultiHeadAttention(d_model=D, num_heads=H, num_kv_heads=num_kv_heads, d_head=d_head, bias=bias).double()


def some_mask(num_queries=T, num_keys=S):
    """Random, with one row in which nothing may be attended."""
    mask = torch.rand(B, 1, num_queries, num_keys, generator=torch.Generator().manual_seed(3)) < 0.6
    mask[0, 0, 2] = False
    return mask


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("score", [-60_000.0, -16.0, 16.0, 60_000.0])
@pytest.mark.parametrize("attend", [dot_product_attention, fused_attention])
def test_a_query_without_keys_has_a_gradient_whatever_its_scores_are(attend, dtype, score):
    queries = torch.tensor([[[[abs(score)]]]], dtype=dtype).sqrt().requires_grad_()
    keys = (queries.detach() * (1 if score > 0 else -1)).requires_grad_()
    averages, _ = attend(queries, keys, keys, torch.tensor([[[[False]]]]))
    averages.sum().backward()
    assert averages.item() == queries.grad.item() == keys.grad.item() == 0


def test_queries_before_the_first_key_see_nothing():
    averages, weights = dot_product_attention(normal(1, 1, 4, K), *[normal(1, 1, 2, K)] * 2, is_causal=True)
    assert weights[0, 0].bool().int().tolist() == [[0, 0], [0, 0], [1, 0], [1, 1]]
    assert averages[0, 0, :2].abs().max() == 0


@pytest.mark.parametrize("num_queries", [1, K, T, S])  # K: as many as a head is wide
@pytest.mark.parametrize("num_kv_heads", [1, 2, 6])
@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("biased", [False, True])
def test_explicit_and_fused_attention_and_their_gradients_are_equal(
    num_queries, num_kv_heads, is_causal, masked, biased
):
    inputs = [
        normal(B, H, num_queries, K),
        normal(B, num_kv_heads, S, K, seed=1),
        normal(B, num_kv_heads, S, K, seed=2),
    ]
    mask = some_mask()[:, :, :1].expand(B, 1, num_queries, S) if masked else None
    bias = alibi_bias(H, num_queries, S) if biased else None
    results = []
    for attend in (dot_product_attention, fused_attention):
        leaves = [x.clone().requires_grad_() for x in inputs]
        averages, _ = attend(*leaves, mask, is_causal=is_causal, score_bias=bias)
        results.append((averages, *torch.autograd.grad(averages.square().sum(), leaves)))
    for explicit, fused in zip(*results, strict=True):
        torch.testing.assert_close(explicit, fused, atol=1e-10, rtol=0)


@pytest.mark.parametrize("attend", [dot_product_attention, fused_attention])
def test_a_query_that_may_attend_to_nothing_gets_zeros_and_finite_gradients(attend):
    leaves = [normal(B, H, T, K).requires_grad_(), *(normal(B, H, S, K, seed=n).requires_grad_() for n in (1, 2))]
    averages, _ = attend(*leaves, some_mask())
    assert (averages[0, :, 2] == 0).all()
    assert (averages[1, :, 2] != 0).any()
    for gradient in torch.autograd.grad(averages.sum(), leaves):
        assert gradient.isfinite().all()


def test_weights_are_distributions_over_what_may_be_attended():
    mask = some_mask()
    _, weights = dot_product_attention(normal(B, H, T, K), normal(B, H, S, K), normal(B, H, S, K), mask)
    assert (weights[~mask.expand_as(weights)] == 0).all()
    expected = mask.any(-1).expand(B, H, T).double()
    torch.testing.assert_close(weights.sum(-1), expected, atol=1e-12, rtol=0)


def test_multi_head_attention_equals_torch():
    ours = layer(num_kv_heads=H, d_head=None)
    theirs = torch.nn.MultiheadAttention(D, H, batch_first=True, dtype=torch.float64)
    theirs.in_proj_weight.data, theirs.in_proj_bias.data = ours.qkv.weight.data, ours.qkv.bias.data
    theirs.out_proj.weight.data, theirs.out_proj.bias.data = ours.output.weight.data, ours.output.bias.data
    x, source = normal(B, T, D), normal(B, S, D, seed=1)
    mask = causal_mask(T)
    expected, expected_weights = theirs(x, x, x, attn_mask=~mask, average_attn_weights=False)
    hidden, weights = ours(x, mask=mask[None], return_weights=True)
    torch.testing.assert_close(hidden, expected, atol=1e-10, rtol=0)
    torch.testing.assert_close(weights, expected_weights, atol=1e-10, rtol=0)
    torch.testing.assert_close(ours(x, is_causal=True)[0], expected, atol=1e-10, rtol=0)
    torch.testing.assert_close(ours(x, source)[0], theirs(x, source, source)[0], atol=1e-10, rtol=0)


def test_shared_key_value_heads_equal_repeated_ones():
    shared, full = layer(), layer(num_kv_heads=H)
    q, k, v = shared.qkv.weight.data.split([H * K, G * K, G * K])
    q_bias, k_bias, v_bias = shared.qkv.bias.data.split([H * K, G * K, G * K])

    def repeat(rows):
        return rows.unflatten(0, (G, K)).repeat_interleave(H // G, dim=0).flatten(0, 1)

    full.qkv.weight.data = torch.cat([q, repeat(k), repeat(v)])
    full.qkv.bias.data = torch.cat([q_bias, repeat(k_bias), repeat(v_bias)])
    full.output.load_state_dict(shared.output.state_dict())
    x, source = normal(B, T, D), normal(B, S, D, seed=1)
    for arguments in ((x,), (x, source)):
        torch.testing.assert_close(shared(*arguments)[0], full(*arguments)[0], atol=1e-10, rtol=0)


def test_without_positions_attention_is_permutation_equivariant():
    attention, x = layer(), normal(B, T, D)
    order = torch.tensor([3, 0, 4, 1, 2])
    torch.testing.assert_close(attention(x[:, order])[0], attention(x)[0][:, order], atol=1e-12, rtol=0)
    rotation = RotaryPositions(K)(torch.arange(T)[None], torch.float64)
    with_positions = attention(x, rotation=rotation)[0][:, order]
    assert not torch.allclose(attention(x[:, order], rotation=rotation)[0], with_positions, atol=1e-3)


def test_causality_by_gradients():
    attention, x = layer(), normal(1, T, D).requires_grad_()
    hidden, _ = attention(x, is_causal=True)
    for t in range(T):
        (gradient,) = torch.autograd.grad(hidden[0, t].square().sum(), x, retain_graph=True)
        reached = gradient[0].abs().sum(-1) > 0
        assert reached.tolist() == [s <= t for s in range(T)]


@pytest.mark.parametrize("pieces", [[1] * S, [3, 1, 3], [S]])
def test_cached_self_attention_equals_uncached(pieces):
    attention, x = layer(), normal(B, S, D)
    cache = LayerCache(batch_size=B, num_kv_heads=G, max_length=S + 2, d_head=K, dtype=torch.float64)
    outputs = [attention(piece, is_causal=True, cache=cache)[0] for piece in x.split(pieces, dim=1)]
    torch.testing.assert_close(torch.cat(outputs, dim=1), attention(x, is_causal=True)[0], atol=1e-12, rtol=0)


def test_cached_cross_attention_stores_the_source_once():
    attention, x, source = layer(), normal(B, T, D), normal(B, S, D, seed=1)
    cache = LayerCache(batch_size=B, num_kv_heads=G, max_length=S, d_head=K, dtype=torch.float64)
    expected = attention(x, source)[0]
    outputs = [attention(piece, source, cache=cache)[0] for piece in x.split(1, dim=1)]
    torch.testing.assert_close(torch.cat(outputs, dim=1), expected, atol=1e-12, rtol=0)
    assert cache.length == S


def test_dropout_acts_in_training_alone_and_keeps_the_mean():
    queries = torch.zeros(1, 1, 1, K, dtype=torch.float64)
    keys, values = torch.zeros(1, 1, 4000, K, dtype=torch.float64), torch.ones(1, 1, 4000, K, dtype=torch.float64)
    torch.manual_seed(0)
    for attend in (dot_product_attention, fused_attention):
        averages, _ = attend(queries, keys, values, dropout=0.5)
        # A mean of 4000 fair coins that count double: standard deviation 1 / sqrt(4000) = 0.016.
        assert 0 < (averages - 1).abs().max() < 5 * 0.016
    attention = MultiHeadAttention(d_model=D, num_heads=3, dropout=0.5).double()
    x = normal(B, T, D)
    assert not torch.equal(attention(x)[0], attention(x)[0])
    attention.eval()
    assert torch.equal(attention(x)[0], attention(x)[0])


def test_short_bf16_on_a_cpu_is_as_good_as_the_fused_kernel():
    attention, x = layer().bfloat16(), normal(B, T, D).bfloat16()
    exact = layer()(x.double(), is_causal=True)[0]
    torch.testing.assert_close(attention(x, is_causal=True)[0].double(), exact, atol=0.02, rtol=0)


def test_heads_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="d_model=12 is not divisible by num_heads=5"):
        MultiHeadAttention(d_model=12, num_heads=5)
    with pytest.raises(ValueError, match="num_heads=6 is not divisible by num_kv_heads=4"):
        MultiHeadAttention(d_model=12, num_heads=6, num_kv_heads=4)


@pytest.mark.parametrize("attend", [dot_product_attention, fused_attention])
@pytest.mark.parametrize("is_causal", [False, True])
def test_any_leading_dimensions_are_those_of_a_batch(attend, is_causal):
    queries, keys, values = normal(6, H, T, K), normal(6, G, S, K, seed=1), normal(6, G, S, K, seed=2)
    mask = torch.rand(6, 1, T, S, generator=torch.Generator().manual_seed(3)) < 0.8
    expected, _ = attend(queries, keys, values, mask, is_causal=is_causal)
    grid = (tensor.unflatten(0, (2, 3)) for tensor in (queries, keys, values, mask))
    averages, _ = attend(*grid, is_causal=is_causal)
    torch.testing.assert_close(averages.flatten(0, 1), expected, atol=1e-12, rtol=0)
    one, _ = attend(queries[0], keys[0], values[0], mask[0], is_causal=is_causal)
    torch.testing.assert_close(one, expected[0], atol=1e-12, rtol=0)


def test_the_layer_takes_any_leading_dimensions():
    attention, rotary = layer(), RotaryPositions(K)
    x = normal(6, T, D)
    rotation, no_rows = rotary(torch.arange(T)[None], torch.float64), rotary(torch.arange(T), torch.float64)
    mask = torch.ones(6, T, T, dtype=torch.bool).tril()
    expected, weights = attention(x, mask=mask, rotation=rotation, return_weights=True)
    grid, grid_weights = attention(
        x.unflatten(0, (2, 3)), mask=mask.unflatten(0, (2, 3)), rotation=rotation, return_weights=True
    )
    torch.testing.assert_close(grid.flatten(0, 1), expected, atol=1e-12, rtol=0)
    torch.testing.assert_close(grid_weights.flatten(0, 1), weights, atol=1e-12, rtol=0)
    one, _ = attention(x[0], mask=mask[0], rotation=no_rows)
    torch.testing.assert_close(one, expected[0], atol=1e-12, rtol=0)
    across, _ = attention(x[0], x[1])
    torch.testing.assert_close(across, attention(x[:1], x[1:2])[0][0], atol=1e-12, rtol=0)


def test_weights_are_returned_from_before_dropout():
    torch.manual_seed(0)
    queries, keys, values = normal(1, H, T, K), normal(1, G, S, K, seed=1), normal(1, G, S, K, seed=2)
    plain, weights = dot_product_attention(queries, keys, values)
    dropped, same_weights = dot_product_attention(queries, keys, values, dropout=0.5)
    assert torch.equal(weights, same_weights)
    assert not torch.allclose(dropped, plain)
