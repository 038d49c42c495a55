"""In training mode, dropout acts at the points where it acts in transformers, and as strongly.

Random zeros cannot be compared. Here dropout multiplies by ``1 - p``, the share of what it keeps, and does not divide.
"""

import json

import pytest
import torch
import transformers
from torch.nn import functional as F

from lmkit.models import (
    BERT,
    GPT,
    BERTConfig,
    EncoderDecoder,
    EncoderDecoderConfig,
    GPTConfig,
    PermutationLM,
    PermutationLMConfig,
    load_pretrained,
    save_pretrained,
)
from lmkit.nn import attention
from tests.models.stored_models import BERT_SIZES, GPT2, MARIAN, SIZES, V, exact_sinusoids, randomise

P = 0.25


@pytest.fixture(autouse=True)
def shares(monkeypatch):
    """The probability and the shape of everything that dropout was applied to."""
    applied = []

    def scale(x, p=0.5, training=True, inplace=False):
        if training and p > 0:
            applied.append((p, tuple(x.shape)))
        return x * (1 - p) if training else x

    monkeypatch.setattr(F, "dropout", scale)
    monkeypatch.setattr(attention, "fused_attention", attention.dot_product_attention)
    return applied


THEIRS = {
    "gpt2": lambda: transformers.GPT2LMHeadModel(
        transformers.GPT2Config(**GPT2, resid_pdrop=P, embd_pdrop=P, attn_pdrop=P)
    ),
    "bert": lambda: transformers.BertForPreTraining(
        transformers.BertConfig(**BERT_SIZES, hidden_dropout_prob=P, attention_probs_dropout_prob=P)
    ),
    "marian": lambda: transformers.MarianMTModel(transformers.MarianConfig(**MARIAN, dropout=P, attention_dropout=P)),
}
OURS = {
    "gpt2": lambda: GPT(GPTConfig(**SIZES, dropout=P)),
    "bert": lambda: BERT(BERTConfig(**SIZES, dropout=P)),
    "marian": lambda: EncoderDecoder(EncoderDecoderConfig(**SIZES, dropout=P)),
}


def assert_same_in_training(ours, theirs):
    theirs.set_attn_implementation("eager")
    generator = torch.Generator().manual_seed(1)
    ids, target = torch.randint(V, (2, 7), generator=generator), torch.randint(V, (2, 5), generator=generator)
    inputs, their_inputs = (ids,), {"input_ids": ids}
    if isinstance(ours, EncoderDecoder):
        exact_sinusoids(theirs)
        inputs, their_inputs = (target, ids), {"input_ids": ids, "decoder_input_ids": target}
    logits = {}
    for training in (True, False):
        output = theirs.train(training)(**their_inputs)
        expected = output.prediction_logits if isinstance(ours, BERT) else output.logits
        logits[training] = ours.train(training)(*inputs)
        torch.testing.assert_close(logits[training], expected, atol=1e-10, rtol=0)
    assert (logits[True] - logits[False]).abs().max() > 0.1


@pytest.mark.parametrize("name", THEIRS)
@torch.no_grad()
def test_what_transformers_writes_is_trained_as_there(name, tmp_path):
    torch.manual_seed(0)
    theirs = randomise(THEIRS[name]().double())
    theirs.save_pretrained(tmp_path)
    assert_same_in_training(load_pretrained(tmp_path, dtype=torch.float64), theirs)


@pytest.mark.parametrize("name", OURS)
@torch.no_grad()
def test_what_we_write_is_trained_in_transformers_as_here(name, tmp_path):
    ours = randomise(OURS[name]().double())
    save_pretrained(ours, tmp_path)
    architecture = json.loads((tmp_path / "config.json").read_text())["architectures"][0]
    theirs = getattr(transformers, architecture).from_pretrained(tmp_path, dtype=torch.float64)
    assert_same_in_training(ours, theirs)


def test_the_two_streams_are_dropped_as_in_a_gpt(shares):
    config = PermutationLMConfig(vocab_size=9, context_length=4, d_model=12, num_layers=2, num_heads=3, dropout=P)
    PermutationLM(config).train()(torch.tensor([[3, 1, 4]]))
    embeddings, weights, sublayer = (P, (1, 3, 12)), (P, (1, 3, 6, 3)), (P, (1, 6, 12))
    assert shares == [embeddings, embeddings, *[weights, sublayer, sublayer] * 2]
