"""One network, the same stories, and a different question in training: who writes better, who fills gaps better.

The texts are the first 32 words of stories of a small world. The network is the
one with two streams, because it can be asked for any word given any others.
Every arm takes as many steps, each with as many texts; the learning rate is the
best of three for the arm's own question, with a seed that is not used again.
Then each network is asked two questions, and so are the rules of the world,
which know the answer exactly: the next word given those before, and one hidden
word given all others.
"""

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import torch
from torch import Tensor

from lmkit.book import save_experiment
from lmkit.data import Batch, Masking, masked_batches, permuted_batches
from lmkit.functional import IGNORE_ID
from lmkit.models import PermutationLM, PermutationLMConfig
from lmkit.nn import initialise, permutation_masks
from lmkit.storyworld import Reader, StoryWorld, StoryWorldConfig, words
from lmkit.training import TrainingConfig, evaluate_loss, fused_adamw, permutation_objective, train, warmup_cosine

WORLD = StoryWorld(
    StoryWorldConfig(
        num_people=6,
        num_occupations=4,
        num_things=6,
        num_adjectives=3,
        num_places=4,
        num_details=3,
        num_paraphrases=2,
    )
)
MASK_ID = 0
INDEX = {word: number for number, word in enumerate(WORLD.vocabulary, start=1)}
VOCAB_SIZE = len(INDEX) + 1
LENGTH, ROWS = 32, 16
SEEDS = (0, 1, 2, 3, 4)
TUNING_SEED = 100
RATES = (3e-3, 6e-3, 1.2e-2)

Source = Callable[[Tensor, int], Iterator[Batch]]
"""``source(stream, seed) -> batches``, without end."""


@cache
def openings(count: int, seed: int) -> list[list[str]]:
    """The first words of stories."""
    told = (words(text)[:LENGTH] for text in WORLD.texts(count, seed=seed))
    return [opening for opening in told if len(opening) == LENGTH]


def ids_of(texts: list[list[str]]) -> Tensor:
    """One row of ids per text."""
    return torch.tensor([[INDEX[word] for word in text] for text in texts])


# The questions


def generator(seed: int) -> torch.Generator:
    """A source of randomness."""
    return torch.Generator().manual_seed(seed)


def next_words(stream: Tensor, seed: int, share: float = 1.0) -> Iterator[Batch]:
    """Each word given those before it; a share of them, chosen at random, is scored."""
    chance = generator(seed)
    reading = {"batch_size": ROWS, "context_length": LENGTH, "generator": chance, "num_epochs": None}
    for batch in permuted_batches(stream, **reading):  # its orders are not used
        scored = torch.rand(batch.inputs.shape, generator=chance) < share
        yield Batch(inputs=batch.inputs, targets=batch.inputs.where(scored, IGNORE_ID))


def hidden_words(stream: Tensor, seed: int) -> Iterator[Batch]:
    """Words that are replaced, with all positions in view; 80/10/10."""
    masking = Masking(mask_id=MASK_ID, vocab_size=VOCAB_SIZE)
    reading = {"batch_size": ROWS, "context_length": LENGTH, "generator": generator(seed), "num_epochs": None}
    for batch in masked_batches(stream, masking, **reading):
        yield with_all_in_view(batch.inputs, batch.targets)


def with_all_in_view(inputs: Tensor, targets: Tensor) -> Batch:
    """Every stream may look at every position, as in a BERT."""
    all_in_view = torch.ones(*inputs.shape, inputs.shape[1], dtype=torch.bool)
    return Batch(inputs=inputs, targets=targets, attention_mask=all_in_view, query_mask=all_in_view)


def any_order(stream: Tensor, seed: int) -> Iterator[Batch]:
    """Words in a random order, each given those before it in that order."""
    return permuted_batches(
        stream,
        batch_size=ROWS,
        context_length=LENGTH,
        generator=generator(seed),
        predicted_share=1.0,
        num_epochs=None,
    )


ARMS: dict[str, Source] = {
    "next word": next_words,
    "next word, 15 % scored": lambda stream, seed: next_words(stream, seed, share=0.15),
    "hidden words": hidden_words,
    "any order": any_order,
}


# The two tasks


def costs(model: PermutationLM, rows: Batch) -> Tensor:
    """Nats for each target, in order."""
    with torch.no_grad():
        logits = model(rows.inputs, attention_mask=rows.attention_mask, query_mask=rows.query_mask)
    scored = rows.targets != IGNORE_ID
    return torch.nn.functional.cross_entropy(logits[scored], rows.targets[scored], reduction="none")


def writing(model: PermutationLM, arm: str, ids: Tensor) -> Tensor:
    """Nats for each word given those before it, text by text."""
    if arm != "hidden words":
        return costs(model, Batch(inputs=ids, targets=ids))
    found = []
    for at in range(LENGTH):  # the text so far, and a mask at its end
        inputs = ids[:, : at + 1].clone()
        inputs[:, at] = MASK_ID
        targets = torch.full_like(inputs, IGNORE_ID)
        targets[:, at] = ids[:, at]
        found.append(costs(model, with_all_in_view(inputs, targets)))
    return torch.stack(found, dim=1).flatten()


def filling(model: PermutationLM, arm: str, ids: Tensor, gaps: Tensor) -> Tensor:
    """Nats for the word in the gap of each text, given all others."""
    rows = torch.arange(len(ids))
    targets = torch.full_like(ids, IGNORE_ID)
    targets[rows, gaps] = ids[rows, gaps]
    if arm.startswith("next word"):  # it cannot look ahead
        return costs(model, Batch(inputs=ids, targets=targets))
    if arm == "hidden words":
        return costs(model, with_all_in_view(ids.scatter(1, gaps[:, None], MASK_ID), targets))
    order = torch.rand(ids.shape, generator=generator(0)).scatter(1, gaps[:, None], 2.0).argsort(dim=1)
    content_mask, query_mask = permutation_masks(order)
    return costs(model, Batch(inputs=ids, targets=targets, attention_mask=content_mask, query_mask=query_mask))


def trying(model: PermutationLM, ids: Tensor, gaps: Tensor) -> Tensor:
    """The same from a reader of the left side: it tries every word, and reads the whole text each time."""
    found = []
    for text, gap in zip(ids, gaps, strict=True):
        tried = text.repeat(VOCAB_SIZE, 1)
        tried[:, gap] = torch.arange(VOCAB_SIZE)
        whole = -costs(model, Batch(inputs=tried, targets=tried)).view(VOCAB_SIZE, LENGTH).sum(dim=1)
        found.append(-whole.log_softmax(dim=0)[text[gap]])
    return torch.stack(found)


# The rules


def chance(reader: Reader, text: list[str]) -> float:
    """True probability of reading these words next."""
    total = 1.0
    for word in text:
        total *= reader.read(word)
        if total == 0:
            break
    return total


def costs_of_next(text: list[str]) -> list[float]:
    """True nats for each word given those before it."""
    reader = WORLD.reader()
    return [-math.log(reader.read(word)) for word in text]


def cost_of_gap(text: list[str], gap: int) -> float:
    """True nats for the word in the gap given all others."""
    joint = {}
    for word in WORLD.vocabulary:
        reader = WORLD.reader()
        chance(reader, text[:gap])
        joint[word] = chance(reader, [word, *text[gap + 1 :]])
    return -math.log(joint[text[gap]] / sum(joint.values()))


def mean(costs: Any) -> float:
    """Rounded, for the file of results."""
    return round(torch.as_tensor(costs).double().mean().item(), 4)


def fit(arm: str, rate: float, seed: int, steps: int, stream: Tensor, held_out: Tensor) -> tuple[PermutationLM, float]:
    """Train a network; also its loss on its own question."""
    config = PermutationLMConfig(vocab_size=VOCAB_SIZE, context_length=LENGTH, d_model=48, num_layers=2, num_heads=4)
    model = PermutationLM(config)
    initialise(model, seed=seed, std=0.125, num_residual_layers=2)
    schedule = warmup_cosine(rate, num_steps=steps, warmup_steps=max(1, steps // 10))
    how, asked = TrainingConfig(num_steps=steps), ARMS[arm](stream, seed)
    train(model, fused_adamw(model, rate), asked, schedule, how, objective=permutation_objective, progress=False)
    asked = ARMS[arm](held_out.flatten(), 0)
    batches = [next(asked) for _ in range(20)]
    return model.eval(), evaluate_loss(model, batches, objective=permutation_objective)


REDUCED = {"rates": (3e-3,), "seeds": (0,), "steps": 2, "num_stories": 60, "num_tests": 2}


def run(
    rates: tuple[float, ...] = RATES,
    seeds: tuple[int, ...] = SEEDS,
    steps: int = 800,
    num_stories: int = 8000,
    num_tests: int = 100,
) -> dict[str, Any]:
    """Tune and train each arm, and ask both questions."""
    stream = ids_of(openings(num_stories, 1)).flatten()
    held_out = ids_of(openings(400, 2))
    texts = openings(num_tests, 3)
    ids = ids_of(texts)
    gaps = torch.randint(1, LENGTH, (len(ids),), generator=generator(0))
    frequency = torch.bincount(stream, minlength=VOCAB_SIZE) / len(stream)
    rules = {
        "writing": mean([cost for text in texts for cost in costs_of_next(text)]),
        "filling": mean([cost_of_gap(text, gap) for text, gap in zip(texts, gaps.tolist(), strict=True)]),
        "filling from the left": mean(
            [costs_of_next(text)[gap] for text, gap in zip(texts, gaps.tolist(), strict=True)]
        ),
        "filling by frequency": mean(-frequency[ids[torch.arange(len(ids)), gaps]].log()),
    }
    arms = []
    for arm in ARMS:
        trials = [[rate, round(fit(arm, rate, TUNING_SEED, steps, stream, held_out)[1], 4)] for rate in rates]
        rate = min(trials, key=lambda trial: trial[1])[0]
        tested: dict[str, list[float]] = {"writing": [], "filling": [], "trying": []}
        for seed in seeds:
            model, _ = fit(arm, rate, seed, steps, stream, held_out)
            tested["writing"].append(mean(writing(model, arm, ids)))
            tested["filling"].append(mean(filling(model, arm, ids, gaps)))
            if arm == "next word":
                tested["trying"].append(mean(trying(model, ids, gaps)))
        arms.append({"arm": arm, "trials": trials, "rate": rate, **tested})
    return {"rules": rules, "vocab_size": VOCAB_SIZE, "arms": arms}


if __name__ == "__main__":
    save_experiment(__file__, run)
