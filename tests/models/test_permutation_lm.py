import pytest
import torch

from lmkit.models import PermutationLM, PermutationLMConfig
from lmkit.nn import permutation_masks
from tests.models.properties import T, make, random_ids


def test_each_prediction_depends_on_what_comes_before_it_in_the_order_and_not_on_itself():
    model, token_ids = make("permutation"), random_ids(1, T)
    order = torch.randperm(T, generator=torch.Generator().manual_seed(2))
    masks = permutation_masks(order[None])
    captured = []
    model.token_embedding.register_forward_hook(lambda _, __, output: captured.append(output))
    logits = model(token_ids, attention_mask=masks[0], query_mask=masks[1])
    for i in range(T):
        (gradient,) = torch.autograd.grad(logits[0, order[i]].square().sum(), captured[0], retain_graph=True)
        seen = gradient[0].abs().sum(-1) > 0
        assert set(seen.nonzero().flatten().tolist()) == set(order[:i].tolist())


def test_the_order_changes_the_predictions_of_all_but_what_sees_the_same():
    model, token_ids = make("permutation"), random_ids(1, T)
    order = torch.arange(T)[None]
    backwards = permutation_masks(order.flip(-1))
    forwards_logits = model(token_ids)
    backwards_logits = model(token_ids, attention_mask=backwards[0], query_mask=backwards[1])
    assert not torch.allclose(forwards_logits, backwards_logits, atol=1e-3)
    left_to_right = permutation_masks(order)
    torch.testing.assert_close(
        model(token_ids, attention_mask=left_to_right[0], query_mask=left_to_right[1]), forwards_logits
    )


def test_both_masks_belong_together():
    for name, mask in zip(("attention_mask", "query_mask"), permutation_masks(torch.arange(T)[None]), strict=True):
        with pytest.raises(ValueError, match="attention_mask and query_mask must be given together"):
            make("permutation")(random_ids(1, T), **{name: mask})


def test_each_row_may_have_its_own_order():
    model, token_ids = make("permutation"), random_ids(2, T)
    orders = torch.stack([torch.arange(T), torch.randperm(T, generator=torch.Generator().manual_seed(2))])
    attention_mask, query_mask = permutation_masks(orders)
    logits = model(token_ids, attention_mask=attention_mask, query_mask=query_mask)
    for row in range(2):
        masks = {"attention_mask": attention_mask[row : row + 1], "query_mask": query_mask[row : row + 1]}
        torch.testing.assert_close(logits[row : row + 1], model(token_ids[row : row + 1], **masks))


def test_the_unembedding_is_the_embeddings_matrix():
    model = PermutationLM(PermutationLMConfig(vocab_size=23, context_length=9, d_model=12, num_layers=1, num_heads=2))
    assert model.unembedding.weight is model.token_embedding.weight
