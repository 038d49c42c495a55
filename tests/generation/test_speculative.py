from collections import Counter
from itertools import pairwise, product
from math import prod

import pytest
import torch
from scipy import stats
from torch import nn

from lmkit.functional import softmax
from lmkit.generation import accept_drafts, generate_speculatively
from lmkit.models import GPT, GPTConfig
from tests.generation.tiny import prompts, tiny_gpt

LARGE = [[0.6, 0.4], [0.3, 0.7]]
SMALL = [[0.2, 0.8], [0.5, 0.5]]


class Markov(nn.Module):
    """The next token depends on the last alone; fast enough to be run hundreds of times."""

    def __init__(self, table):
        super().__init__()
        self.logits = torch.tensor(table).log()
        self.calls = 0

    def hidden(self, token_ids, cache):
        self.calls += 1
        cache.length += token_ids.shape[1]
        return self.logits[token_ids]

    def unembedding(self, hidden):
        return hidden

    def make_cache(self, batch_size, max_length):
        return Position()


class Position:
    length = 0

    def truncate(self, length):
        self.length = min(self.length, length)


def assert_distributed(counts, probs):
    """A chi-squared test at a level of 1e-4; the seed is fixed, so it does not fail now and then."""
    total = sum(counts.values())
    outcomes = sorted(probs)
    expected = [probs[outcome] / sum(probs.values()) * total for outcome in outcomes]  # the sum is 1 but for rounding
    assert min(expected) > 5  # below that the statistic does not follow its distribution
    assert stats.chisquare([counts[outcome] for outcome in outcomes], expected).pvalue > 1e-4


def test_accepted_drafts_are_distributed_like_the_large_model():
    generator = torch.Generator().manual_seed(0)
    draft_probs = torch.tensor([[0.6, 0.3, 0.1], [0.1, 0.1, 0.8]])
    target_probs = torch.tensor([[0.2, 0.5, 0.3], [0.3, 0.3, 0.4], [0.25, 0.25, 0.5]])
    first, after = Counter(), Counter()
    for _ in range(3000):
        drafts = torch.multinomial(draft_probs, 1, generator=generator).squeeze(-1)
        tokens = accept_drafts(drafts, draft_probs, target_probs, generator).tolist()
        first[tokens[0]] += 1
        if len(tokens) > 1:
            after[tokens[1]] += 1
    assert_distributed(first, dict(enumerate(target_probs[0].tolist())))
    # That the first was accepted says nothing about the second, which is again distributed as the large model's.
    assert_distributed(after, dict(enumerate(target_probs[1].tolist())))


@pytest.mark.parametrize(("num_drafts", "temperature"), [(1, 1.0), (4, 1.5)])
def test_texts_are_distributed_like_the_large_model(num_drafts, temperature):
    model, draft_model = Markov(LARGE), Markov(SMALL)
    generator = torch.Generator().manual_seed(2)
    counts = Counter()
    for _ in range(800):
        text = generate_speculatively(
            model,
            draft_model,
            torch.tensor([[0]]),
            max_new_tokens=3,
            generator=generator,
            num_drafts=num_drafts,
            temperature=temperature,
        )
        counts[tuple(text[0, 1:].tolist())] += 1
    table = softmax(model.logits, temperature)
    probs = {
        outcome: prod(table[a, b].item() for a, b in pairwise((0, *outcome))) for outcome in product(range(2), repeat=3)
    }
    assert_distributed(counts, probs)


@pytest.mark.parametrize("max_new_tokens", [1, 12])
def test_the_generator_alone_decides_what_is_drawn(max_new_tokens):
    def write(seed):
        generator = torch.Generator().manual_seed(seed)
        return generate_speculatively(
            Markov(LARGE), Markov(SMALL), torch.tensor([[0]]), max_new_tokens=max_new_tokens, generator=generator
        )

    global_state = torch.get_rng_state()
    for seed in range(10):
        assert torch.equal(write(seed), write(seed))
    assert len({tuple(write(seed)[0].tolist()) for seed in range(10)}) > 1
    assert torch.equal(torch.get_rng_state(), global_state)


def test_as_much_is_written_as_the_context_holds():
    models, generator = (tiny_gpt(), tiny_gpt(seed=1)), torch.Generator().manual_seed(0)
    assert generate_speculatively(*models, prompts(1, 4), max_new_tokens=20, generator=generator).shape == (1, 24)
    assert generate_speculatively(*models, prompts(1, 4), max_new_tokens=0, generator=generator).shape == (1, 4)
    with pytest.raises(ValueError, match="25 tokens are more than context_length=24"):
        generate_speculatively(*models, prompts(1, 4), max_new_tokens=21, generator=generator)


@pytest.mark.parametrize("temperature", [1.0, 0.3])
def test_a_perfect_draft_saves_passes(temperature):
    model = Markov(LARGE)
    text = generate_speculatively(
        model,
        Markov(LARGE),
        torch.tensor([[0]]),
        max_new_tokens=12,
        generator=torch.Generator().manual_seed(0),
        num_drafts=3,
        temperature=temperature,
    )
    assert text.shape == (1, 13)
    assert model.calls == 3  # three drafts accepted and one token more, each time


def test_at_low_temperature_it_writes_what_greedy_writes():
    from lmkit.generation import generate

    model = tiny_gpt(0)
    draft_model = GPT(GPTConfig(vocab_size=17, context_length=24, d_model=4, num_layers=1, num_heads=1)).double()
    prompt_ids = prompts(1, 4)
    text = generate_speculatively(
        model, draft_model, prompt_ids, max_new_tokens=15, generator=torch.Generator().manual_seed(0), temperature=1e-3
    )
    assert torch.equal(text, generate(model, prompt_ids, max_new_tokens=15))


def test_the_text_ends_at_the_stop_token():
    lengths = []
    for seed in range(20):
        text = generate_speculatively(
            Markov(LARGE),
            Markov(SMALL),
            torch.tensor([[0]]),
            max_new_tokens=12,
            generator=torch.Generator().manual_seed(seed),
            stop_id=1,
        )
        new_ids = text[0, 1:].tolist()
        lengths.append(len(new_ids))
        assert 1 not in new_ids[:-1]
        assert new_ids[-1] == 1 or len(new_ids) == 12
    assert len(set(lengths)) > 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_drafts": 0}, "num_drafts=0 must be at least 1"),
        ({"max_new_tokens": -1}, "max_new_tokens=-1 must be at least 0"),
        ({"prompt_ids": torch.zeros(1, 0, dtype=torch.long)}, "prompt_ids has no tokens"),
        ({"temperature": 0.0}, "temperature=0.0 must be greater than 0"),
        ({"max_new_tokens": 30}, "31 tokens are more than context_length=24"),
    ],
)
def test_what_cannot_be_done_is_refused(changes, message):
    arguments = {"prompt_ids": torch.tensor([[0]]), "max_new_tokens": 3, "generator": torch.Generator(), **changes}
    with pytest.raises(ValueError, match=message):
        generate_speculatively(tiny_gpt(), tiny_gpt(seed=1), **arguments)
