"""A trained model beats guessing by frequency, by a stated margin, on text that it has not seen."""

import pytest
import torch

from lmkit.data import Masking, masked_batches, permuted_batches
from lmkit.functional import IGNORE_ID
from lmkit.models import BERT, BERTConfig, PermutationLM, PermutationLMConfig
from lmkit.storyworld import StoryWorld, words
from lmkit.training import (
    TrainingConfig,
    evaluate_loss,
    fused_adamw,
    masked_objective,
    permutation_objective,
    train,
    warmup_cosine,
)

MARGIN_NATS = 0.4
WORLD = StoryWorld()
IDS = {word: number for number, word in enumerate(["", "[mask]", *WORLD.vocabulary])}  # the empty word ends a story
SIZES = {"vocab_size": len(IDS), "context_length": 16, "d_model": 64, "num_layers": 2, "num_heads": 4}
WINDOWS = {"batch_size": 32, "context_length": 16}
MASKING = Masking(mask_id=1, vocab_size=len(IDS), special_ids=(0,), share=0.3)


def stream(num_stories, seed):
    texts = WORLD.texts(num_stories, seed)
    return torch.tensor([IDS[word] for text in texts for word in [*words(text), ""]])


def make_masked(token_stream, seed, **reading):
    return masked_batches(token_stream, MASKING, generator=torch.Generator().manual_seed(seed), **WINDOWS, **reading)


def make_permuted(token_stream, seed, **reading):
    return permuted_batches(token_stream, generator=torch.Generator().manual_seed(seed), **WINDOWS, **reading)


@pytest.mark.parametrize(
    ("model", "make_batches", "objective"),
    [
        pytest.param(BERT(BERTConfig(**SIZES)), make_masked, masked_objective, id="masked"),
        pytest.param(PermutationLM(PermutationLMConfig(**SIZES)), make_permuted, permutation_objective, id="permuted"),
    ],
)
def test_it_beats_the_frequencies_of_words(model, make_batches, objective):
    learned = stream(2000, seed=0)
    held_out = list(make_batches(stream(120, seed=1), seed=1))
    train(
        model,
        fused_adamw(model, 3e-3),
        make_batches(learned, seed=0, num_epochs=None),
        warmup_cosine(3e-3, num_steps=500, warmup_steps=50),
        TrainingConfig(num_steps=500, precision="fp32"),
        objective=objective,
        progress=False,
    )
    loss = evaluate_loss(model, held_out, objective=objective, precision="fp32")
    log_frequency = ((learned.bincount(minlength=len(IDS)) + 1).double() / (len(learned) + len(IDS))).log()
    targets = torch.cat([batch.targets[batch.targets != IGNORE_ID] for batch in held_out])
    assert loss < -log_frequency[targets].mean().item() - MARGIN_NATS
