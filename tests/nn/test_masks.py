import pytest
import torch

from lmkit.nn import causal_mask, combine_masks, document_mask, padding_mask, permutation_masks, prefix_mask


def test_causal_mask_is_aligned_at_the_end():
    for num_queries, num_keys in ((4, 4), (2, 5), (1, 3)):
        mask = causal_mask(num_queries, num_keys)
        offset = num_keys - num_queries
        assert mask.tolist() == [[s <= t + offset for s in range(num_keys)] for t in range(num_queries)]


def test_padding_mask_on_either_side():
    lengths = torch.tensor([0, 2, 4])
    assert padding_mask(lengths, 4).sum(-1).tolist() == [0, 2, 4]
    assert padding_mask(lengths, 4)[1].tolist() == [True, True, False, False]
    assert padding_mask(lengths, 4, side="left")[1].tolist() == [False, False, True, True]
    with pytest.raises(ValueError, match="side='middle' must be 'left' or 'right'"):
        padding_mask(lengths, 4, side="middle")


def test_document_mask_keeps_documents_apart():
    mask = document_mask(torch.tensor([[0, 0, 1], [5, 6, 6]]))
    assert mask.int().tolist() == [[[1, 1, 0], [1, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 1], [0, 1, 1]]]


def test_prefix_mask_is_full_in_the_prefix_and_causal_after_it():
    mask = prefix_mask(torch.tensor([2, 0]), 3)
    assert mask[0].int().tolist() == [[1, 1, 0], [1, 1, 0], [1, 1, 1]]
    assert torch.equal(mask[1], causal_mask(3))


def test_permutation_masks_follow_the_order():
    order = torch.stack([torch.randperm(6, generator=torch.Generator().manual_seed(n)) for n in range(3)])
    content, query = permutation_masks(order)
    for b in range(3):
        for i in range(6):
            seen = set(order[b, :i].tolist())
            at = order[b, i]
            assert set(query[b, at].nonzero().flatten().tolist()) == seen
            assert set(content[b, at].nonzero().flatten().tolist()) == seen | {int(at)}


def test_the_order_from_left_to_right_is_the_causal_mask():
    content, _ = permutation_masks(torch.arange(5)[None])
    assert torch.equal(content[0], causal_mask(5))


def test_combined_masks_allow_what_both_allow():
    attention, padding = causal_mask(3).expand(2, 3, 3), padding_mask(torch.tensor([1, 3]), 3)
    assert combine_masks(None, None) is None
    assert combine_masks(attention, None) is attention
    assert combine_masks(None, padding).tolist() == [[[True, False, False]], [[True, True, True]]]
    assert combine_masks(attention, padding)[0].tolist() == [[True, False, False]] * 3
    assert torch.equal(combine_masks(attention, padding)[1], causal_mask(3))
