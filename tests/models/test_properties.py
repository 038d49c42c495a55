"""What must hold for every model, whatever it computes."""

import math
from dataclasses import replace

import pytest
import torch

from lmkit.functional import IGNORE_ID, cross_entropy
from lmkit.nn import LayerNorm, RMSNorm, attention, padding_mask
from tests.models.properties import DECODERS, MAKE, PADDABLE, T, V, call, make, random_ids


def close(actual, expected, atol=1e-10):
    torch.testing.assert_close(actual, expected, atol=atol, rtol=0)


def gradients_of_logits_by_position(name, model, token_ids):
    """For each position, the size of its logits' gradient at each input embedding."""
    captured = []
    handle = model.token_embedding.register_forward_hook(lambda _, __, output: captured.append(output))
    logits = call(name, model, token_ids)
    handle.remove()
    vectors = captured[-1]  # an encoder-decoder reads the source before
    rows = []
    for t in range(T):
        (gradient,) = torch.autograd.grad(logits[0, t].square().sum(), vectors, retain_graph=True)
        rows.append(gradient.abs().sum(-1)[0])
    return torch.stack(rows)


@pytest.mark.parametrize("name", DECODERS)
def test_decoders_are_causal(name):
    reached = gradients_of_logits_by_position(name, make(name), random_ids(1, T)) > 0
    assert reached.tolist() == torch.ones(T, T).tril().bool().tolist()


def test_bert_reads_in_both_directions():
    assert (gradients_of_logits_by_position("bert", make("bert"), random_ids(1, T)) > 0).all()


@pytest.mark.parametrize("name", MAKE)
def test_each_row_of_a_batch_equals_that_row_alone(name):
    model, token_ids = make(name), random_ids(3, T)
    logits = call(name, model, token_ids)
    for row in range(3):
        close(logits[row : row + 1], call(name, model, token_ids[row : row + 1]))


@pytest.mark.parametrize("name", PADDABLE)
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_padded_row_equals_an_unpadded_one(name, side):
    model, token_ids = make(name), random_ids(3, T)
    mask = padding_mask(torch.tensor([3, T, 1]), T, side=side)
    logits = call(name, model, token_ids, padding_mask=mask)
    for row in range(3):
        close(logits[row, mask[row]], call(name, model, token_ids[row, mask[row]][None])[0])
    assert logits.isfinite().all()


@pytest.mark.parametrize("name", DECODERS)
@pytest.mark.parametrize("padded", [False, True])
def test_cached_logits_equal_uncached_ones_at_every_step(name, padded):
    model, token_ids = make(name), random_ids(3, T)
    mask = padding_mask(torch.tensor([T - 2, T, T - 1]), T, side="left") if padded else None
    masks = {} if mask is None else {"padding_mask": mask}
    expected = call(name, model, token_ids, **masks)
    cache = model.make_cache(3, T)
    prompt = {} if mask is None else {"padding_mask": mask[:, :3]}
    pieces = [call(name, model, token_ids[:, :3], cache=cache, **prompt)]
    pieces += [call(name, model, token_ids[:, t : t + 1], cache=cache) for t in range(3, T)]
    logits = torch.cat(pieces, dim=1)
    real = torch.ones(3, T, dtype=torch.bool) if mask is None else mask
    close(logits[real], expected[real])
    assert cache.length == T


@pytest.mark.parametrize("name", DECODERS)
def test_cached_logits_in_bf16_are_as_good_as_uncached_ones(name):
    model, token_ids = MAKE[name]().eval(), random_ids(2, T)
    exact = call(name, model.double(), token_ids)
    model.bfloat16()
    cache = model.make_cache(2, T)
    logits = torch.cat([call(name, model, token_ids[:, t : t + 1], cache=cache) for t in range(T)], dim=1)
    assert logits.dtype == torch.bfloat16
    uncached_error = (call(name, model, token_ids).double() - exact).abs().max()
    # Rounding errors are of one size; which of two is larger is chance.
    assert (logits.double() - exact).abs().max() < 2 * uncached_error


@pytest.mark.parametrize("name", ["gpt", "llama"])
def test_a_cache_may_be_filled_in_pieces_and_cut_back(name):
    model, token_ids = make(name), random_ids(2, T)
    expected, cache = model(token_ids), model.make_cache(2, T)
    model(token_ids[:, :2], cache=cache)
    model(random_ids(2, 4, seed=5), cache=cache)  # a guess that turns out wrong
    cache.truncate(2)
    close(model(token_ids[:, 2:], cache=cache), expected[:, 2:])


@pytest.mark.parametrize("name", DECODERS)
def test_the_rows_of_a_cache_can_be_selected(name):
    model, token_ids, rows = make(name), random_ids(3, T), torch.tensor([2, 2, 0])
    cache = model.make_cache(3, T)
    call(name, model, token_ids[:, :-1], cache=cache)
    cache.select_rows(rows)
    close(call(name, model, token_ids[rows, -1:], cache=cache), call(name, model, token_ids[rows])[:, -1:])


@pytest.mark.parametrize("name", ["gpt", "llama", "bert"])
def test_documents_are_kept_apart_by_a_mask(name):
    model, token_ids, starts = make(name), random_ids(2, T), (3, 5)
    document = torch.arange(T) >= torch.tensor(starts).unsqueeze(
        -1
    )  # the second begins at another position in each row
    mask = document.unsqueeze(-1) == document.unsqueeze(-2)
    logits = model(token_ids, attention_mask=mask)
    for row, start in enumerate(starts):
        close(logits[row, :start], model(token_ids[row : row + 1, :start])[0])
        changed = token_ids.clone()
        changed[row, :start] = random_ids(start, seed=4)
        close(model(changed, attention_mask=mask)[row, start:], logits[row, start:])


@pytest.mark.parametrize("name", ["gpt", "llama", "bert", "encoder-decoder", "permutation"])
def test_a_model_reads_as_many_tokens_as_its_context_holds_and_no_more(name):
    model = make(name)
    assert call(name, model, random_ids(2, 9)).shape == (2, 9, V)
    with pytest.raises(ValueError, match="10 tokens are more than context_length=9"):
        call(name, model, random_ids(2, 10))


@pytest.mark.parametrize("name", ["gpt", "llama", "encoder-decoder"])
def test_a_cache_holds_as_many_tokens_as_the_context(name):
    model = make(name)
    cache = model.make_cache(2, 9)
    call(name, model, random_ids(2, 9), cache=cache)
    with pytest.raises(ValueError, match="10 tokens are more than context_length=9"):
        call(name, model, random_ids(2, 1), cache=cache)
    with pytest.raises(ValueError, match="10 tokens are more than context_length=9"):
        model.make_cache(2, 10)


@pytest.mark.parametrize("name", ["gpt", "llama", "bert", "encoder-decoder", "permutation"])
def test_every_normalisation_has_the_epsilon_of_the_config(name):
    model = MAKE[name]()
    model = type(model)(replace(model.config, norm_eps=0.5))
    norms = [module for module in model.modules() if isinstance(module, LayerNorm | RMSNorm)]
    assert [norm.eps for norm in norms] == [0.5] * len(norms)
    assert len(norms) > 4


@pytest.mark.parametrize("name", MAKE)
def test_the_seed_decides_the_starting_values(name):
    model = MAKE[name]()
    first, same, other, default = (type(model)(model.config, seed=seed).state_dict() for seed in (1, 1, 2, 0))
    for tensor_name, tensor in first.items():
        assert torch.equal(tensor, same[tensor_name])
        assert torch.equal(model.state_dict()[tensor_name], default[tensor_name])
        if tensor.dim() > 1:  # all biases are 0, all gains 1
            assert not torch.equal(tensor, other[tensor_name])


@pytest.mark.parametrize("name", MAKE)
def test_initial_loss_is_log_v(name):
    model, token_ids, targets = MAKE[name]().eval(), random_ids(8, T), random_ids(8, T, seed=1)
    # Initial logits have a standard deviation of about 0.02 times the root of the width, 0.07, which moves the loss of
    # unrelated targets by half its square and, over 56 of them, by about 0.07 / sqrt(56) = 0.01 at random.
    expected, error = math.log(V), 0.04
    if name == "encoder-decoder":  # its scaled embeddings give the logits a standard deviation of 1
        expected, error = math.log(V) + 0.5, 3 / math.sqrt(targets.numel())
    assert cross_entropy(call(name, model, token_ids), targets).item() == pytest.approx(expected, abs=error)


@pytest.mark.parametrize("name", MAKE)
def test_one_batch_can_be_overfitted(name):
    model = MAKE[name]()
    model = type(model)(replace(model.config, d_model=48))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.0)
    # No token comes twice, so that each says what follows it, even to a model that knows distances alone.
    token_ids = torch.randperm(V, generator=torch.Generator().manual_seed(0))[: 2 * T].view(2, T)
    targets = token_ids.roll(-1, dims=1)
    if name == "permutation":  # it predicts the token at a position, which nobody can at the first
        targets = token_ids.clone()
        targets[:, 0] = IGNORE_ID
    losses = []
    for _ in range(150 if name == "lstm" else 80):
        loss = cross_entropy(call(name, model, token_ids), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[0] > 3
    assert losses[-1] < 0.05


@pytest.mark.parametrize("name", ["gpt", "llama", "bert", "encoder-decoder", "permutation"])
def test_the_written_out_attention_gives_the_same_loss_and_gradients(name, monkeypatch):
    model, token_ids = make(name), random_ids(2, T)
    results = []
    for attend in (attention.fused_attention, attention.dot_product_attention):
        monkeypatch.setattr(attention, "fused_attention", attend)
        loss = cross_entropy(call(name, model, token_ids), token_ids)
        # BERT's pooler has no part in this loss
        results.append((loss, torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)))
    close(results[0][0], results[1][0])
    for fused, explicit in zip(results[0][1], results[1][1], strict=True):
        assert (fused is None) == (explicit is None)
        if fused is not None:
            close(fused, explicit)
