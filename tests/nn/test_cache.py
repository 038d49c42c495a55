import pytest
import torch

from lmkit.nn import KeyValueCache, LayerCache


def positions(*numbers):
    """Keys or values of two rows that say which row and position they belong to."""
    return torch.tensor([[[[100.0 * row + n] for n in numbers]] for row in range(2)])


@pytest.fixture
def cache():
    return KeyValueCache(num_layers=2, batch_size=2, num_kv_heads=1, max_length=4, d_head=1)


def test_memory_is_taken_once(cache):
    layer = cache.layers[0]
    address = layer.keys.data_ptr()
    layer.append(positions(0, 1), positions(10, 11))
    keys, values = layer.append(positions(2), positions(12))
    assert torch.equal(keys, positions(0, 1, 2))
    assert torch.equal(values, positions(10, 11, 12))
    assert keys.data_ptr() == layer.keys.data_ptr() == address


def test_what_does_not_fit_is_refused():
    layer = LayerCache(batch_size=2, num_kv_heads=1, max_length=2, d_head=1)
    with pytest.raises(ValueError, match="3 positions do not fit in a cache with max_length=2"):
        layer.append(positions(0, 1, 2), positions(0, 1, 2))


def test_truncation_forgets_the_end(cache):
    cache.extend_padding_mask(torch.zeros(2, 3, dtype=torch.long), torch.tensor([[False, True, True], [True] * 3]))
    for layer in cache.layers:
        layer.append(positions(0, 1, 2), positions(0, 1, 2))
    cache.truncate(3)  # nothing is after them
    assert cache.length == 3
    cache.truncate(1)
    assert cache.length == 1
    assert cache.padding_mask.tolist() == [[False], [True]]
    keys, _ = cache.layers[1].append(positions(7), positions(7))
    assert torch.equal(keys, positions(0, 7))


def test_rows_can_be_selected(cache):
    cache.extend_padding_mask(torch.zeros(2, 2, dtype=torch.long), torch.tensor([[False, True], [True, True]]))
    for layer in cache.layers:
        layer.append(positions(0, 1), positions(10, 11))
    cache.select_rows(torch.tensor([1, 0]))
    assert cache.padding_mask.tolist() == [[True, True], [False, True]]
    cache.select_rows(torch.tensor([0, 0]))
    for layer in cache.layers:
        keys, values = layer.read()
        assert torch.equal(keys, positions(0, 1)[[1, 1]])
        assert torch.equal(values, positions(10, 11)[[1, 1]])
    assert cache.padding_mask.tolist() == [[True, True], [True, True]]


def test_padding_is_remembered(cache):
    two, one = torch.zeros(2, 2, dtype=torch.long), torch.zeros(2, 1, dtype=torch.long)
    assert cache.extend_padding_mask(two, None) is None
    cache.extend_padding_mask(two, torch.tensor([[False, True], [True, True]]))
    assert cache.extend_padding_mask(one, None).tolist() == [[False, True, True], [True, True, True]]


def test_padding_may_begin_after_positions_without_any(cache):
    for layer in cache.layers:
        layer.append(positions(0, 1), positions(0, 1))
    mask = cache.extend_padding_mask(torch.zeros(2, 1, dtype=torch.long), torch.tensor([[True], [False]]))
    assert mask.tolist() == [[True, True, True], [True, True, False]]


def test_on_a_cpu_half_precision_is_held_in_fp32():
    sizes = {"num_layers": 1, "batch_size": 1, "num_kv_heads": 1, "max_length": 1, "d_head": 1}
    for dtype, held in ((torch.bfloat16, torch.float32), (torch.float64, torch.float64)):
        layer = KeyValueCache(**sizes, dtype=dtype).layers[0]
        assert layer.keys.dtype == layer.values.dtype == held
    assert KeyValueCache(**sizes, dtype=torch.bfloat16, device="meta").layers[0].keys.dtype == torch.bfloat16
