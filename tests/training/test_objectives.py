"""Each objective equals its loss on the model's logits, and so do the gradients."""

import copy
import math
from dataclasses import replace

import pytest
import torch

from lmkit.data import (
    Masking,
    masked_batches,
    next_token_batches,
    permuted_batches,
    sentence_pair_batches,
    seq2seq_batches,
)
from lmkit.functional import IGNORE_ID
from lmkit.models import (
    BERT,
    GPT,
    BERTConfig,
    EncoderDecoder,
    EncoderDecoderConfig,
    GPTConfig,
    Llama,
    LlamaConfig,
    LSTMConfig,
    LSTMLanguageModel,
    PermutationLM,
    PermutationLMConfig,
)
from lmkit.training import (
    SGD,
    evaluate_loss,
    fused_adamw,
    masked_loss,
    masked_objective,
    next_token_loss,
    next_token_objective,
    permutation_loss,
    permutation_objective,
    sentence_pair_loss,
    sentence_pair_objective,
    sequence_to_sequence_loss,
    sequence_to_sequence_objective,
    train_step,
)
from lmkit.training.step import count_scored, split_batch

SIZES = {"vocab_size": 23, "context_length": 12, "d_model": 12, "num_layers": 1, "num_heads": 2}
WINDOWS = {"batch_size": 3, "context_length": 12}
MASKING = Masking(mask_id=0, vocab_size=23, special_ids=(1, 2, 3))


def seeded():
    return torch.Generator().manual_seed(0)


STREAM = torch.randint(4, 23, (200,), generator=seeded())
DOCUMENTS = [[STREAM[i + j : i + j + 3 + j].tolist() for j in range(3)] for i in range(0, 40, 10)]
PAIRS = [(STREAM[i : i + 4 + i].tolist(), STREAM[50 + i : 55].tolist()) for i in range(4)]


def pair_batches(masking):
    return sentence_pair_batches(
        DOCUMENTS, batch_size=5, context_length=12, cls_id=1, sep_id=2, pad_id=3, generator=seeded(), masking=masking
    )


def masked_inputs(batch):
    return {"segment_ids": batch.segment_ids, "attention_mask": batch.attention_mask}


def pair_logits(model, batch):
    return model.pair_logits(model.encode(batch.inputs, **masked_inputs(batch)))


# A model, its objective, a batch, and what the objective is to equal.
CASES = {
    "gpt": (
        GPT(GPTConfig(**SIZES)),
        next_token_objective,
        next(next_token_batches(STREAM, **WINDOWS)),
        lambda m, b: next_token_loss(m(b.inputs), b.targets),
    ),
    "gpt, documents apart": (
        GPT(GPTConfig(**SIZES)),
        next_token_objective,
        next(next_token_batches(STREAM, end_of_text_id=7, **WINDOWS)),
        lambda m, b: next_token_loss(m(b.inputs, attention_mask=b.attention_mask), b.targets),
    ),
    "llama": (
        Llama(LlamaConfig(d_ff=24, **SIZES)),
        next_token_objective,
        next(next_token_batches(STREAM, **WINDOWS)),
        lambda m, b: next_token_loss(m(b.inputs), b.targets),
    ),
    "lstm": (
        LSTMLanguageModel(LSTMConfig(vocab_size=23, d_model=12, num_layers=1)),
        next_token_objective,
        next(next_token_batches(STREAM, **WINDOWS)),
        lambda m, b: next_token_loss(m(b.inputs), b.targets),
    ),
    "masked": (
        BERT(BERTConfig(**SIZES)),
        masked_objective,
        next(masked_batches(STREAM, MASKING, generator=seeded(), **WINDOWS)),
        lambda m, b: masked_loss(m(b.inputs), b.targets),
    ),
    "pairs": (
        BERT(BERTConfig(**SIZES)),
        sentence_pair_objective,
        next(pair_batches(None)),
        lambda m, b: sentence_pair_loss(pair_logits(m, b), b.labels),
    ),
    "pairs and masked": (
        BERT(BERTConfig(**SIZES)),
        sentence_pair_objective,
        next(pair_batches(MASKING)),
        lambda m, b: (
            sentence_pair_loss(pair_logits(m, b), b.labels) + masked_loss(m(b.inputs, **masked_inputs(b)), b.targets)
        ),
    ),
    "permutation": (
        PermutationLM(PermutationLMConfig(**SIZES)),
        permutation_objective,
        next(permuted_batches(STREAM, generator=seeded(), **WINDOWS)),
        lambda m, b: permutation_loss(m(b.inputs, attention_mask=b.attention_mask, query_mask=b.query_mask), b.targets),
    ),
    "sequence to sequence": (
        EncoderDecoder(EncoderDecoderConfig(**SIZES)),
        sequence_to_sequence_objective,
        next(seq2seq_batches(PAIRS, batch_size=4, start_id=1, end_id=2, pad_id=3)),
        lambda m, b: sequence_to_sequence_loss(
            m(b.inputs, b.source_ids, source_mask=b.source_mask), b.targets, label_smoothing=0.1 if m.training else 0.0
        ),
    ),
}


@pytest.fixture(params=CASES)
def case(request):
    model, objective, batch, plain = CASES[request.param]
    return copy.deepcopy(model).double(), objective, batch, plain


@pytest.mark.parametrize("training", [True, False])
def test_an_objective_equals_the_plain_loss_with_equal_gradients(case, training):
    model, objective, batch, plain = case
    model.train(training)
    weights = [weight for name, weight in model.named_parameters()]
    ours, expected = objective(model, batch).sum(), plain(model, batch)
    torch.testing.assert_close(ours, expected, rtol=1e-12, atol=0)
    for (name, _), gradient, expected_gradient in zip(
        model.named_parameters(),
        torch.autograd.grad(ours, weights, allow_unused=True),
        torch.autograd.grad(expected, weights, allow_unused=True),
        strict=True,
    ):
        if expected_gradient is None:  # the head that is not asked
            assert gradient is None or not gradient.any(), name
        else:
            torch.testing.assert_close(gradient, expected_gradient, atol=1e-12, rtol=0, msg=name)


def test_every_objective_trains(case):
    model, objective, batch, _ = case
    model.train()
    optimizer = fused_adamw(model, 0.01)
    losses = [train_step(model, optimizer, batch, objective=objective).loss_nats for _ in range(15)]
    assert losses[-1] < losses[0] - 0.05


def test_pairs_are_counted_where_no_token_is_scored():
    batch = next(pair_batches(None))
    assert (batch.targets == IGNORE_ID).all()
    assert count_scored(batch).tolist() == [0, 5]
    with_tokens = next(pair_batches(MASKING))
    assert count_scored(with_tokens).tolist() == [(with_tokens.targets != IGNORE_ID).sum(), 5]


def test_the_parts_of_a_batch_add_up_to_the_whole(case):
    model, objective, batch, _ = case
    whole, parts = copy.deepcopy(model), copy.deepcopy(model)
    for trained, number in ((whole, 1), (parts, 3)):
        options = {"objective": objective, "num_micro_batches": number, "max_grad_norm": math.inf}
        train_step(trained, SGD(trained.parameters(), 1.0), batch, **options)
    for one, other in zip(whole.parameters(), parts.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-12, rtol=0)


@pytest.mark.parametrize("name", ["pairs", "pairs and masked"])
@pytest.mark.parametrize("num_micro_batches", [2, 5])
def test_two_means_are_put_together_from_parts_of_a_batch(name, num_micro_batches):
    model, objective, batch, plain = CASES[name]
    model = copy.deepcopy(model).double()
    targets = batch.targets.clone()
    targets[0] = IGNORE_ID  # of the parts, one has pairs and no tokens
    batch = replace(batch, targets=targets)
    expected_loss = plain(model, batch)
    expected = torch.autograd.grad(expected_loss, list(model.parameters()), allow_unused=True)
    trained = copy.deepcopy(model)
    result = train_step(
        trained,
        SGD(trained.parameters(), 1.0),
        batch,
        objective=objective,
        num_micro_batches=num_micro_batches,
        max_grad_norm=math.inf,
    )
    assert result.loss_nats == pytest.approx(expected_loss.item(), rel=1e-12)
    for before, after, gradient in zip(model.parameters(), trained.parameters(), expected, strict=True):
        moved = torch.zeros_like(before) if gradient is None else gradient
        torch.testing.assert_close(before - after, moved, atol=1e-12, rtol=0)
    parts = split_batch(batch, num_micro_batches)
    assert evaluate_loss(model, parts, objective=objective) == pytest.approx(expected_loss.item(), rel=1e-12)
