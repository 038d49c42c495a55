"""One small run, looked at again and again while it trains.

A small GPT reads stories of the story world word by word. At a number of steps,
denser at the start, it is measured: its loss on stories that it never trains on,
the divergence of its next-word distribution from the world's true one, averaged
over all positions of those stories, the attention of one head, and a text that it
writes, always with the same random numbers. The head is the one that, at the end
of training, gives most weight to the position just before, on stories that are not
used again. For comparison: the divergence of a guess by the frequency of the words,
and of one by the pairs of words, counted in the training stories.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from lmkit.book import save_experiment
from lmkit.data import next_token_batches
from lmkit.generation import generate, temperature
from lmkit.interpretability import record_attention
from lmkit.models import GPT, GPTConfig
from lmkit.storyworld import StoryWorld, join_words, words
from lmkit.training import fused_adamw, train_step, warmup_cosine

WORLD = StoryWorld()
VOCABULARY = ["", *WORLD.vocabulary]  # the empty word begins and ends a story
IDS = {word: number for number, word in enumerate(VOCABULARY)}
WIDTH, LAYERS, HEADS, LENGTH, ROWS, RATE = 64, 2, 4, 112, 8, 6e-3
SHOWN_STORY, SHOWN_WORDS, SAMPLE_WORDS = 1, 12, 40


@cache
def stream(num_stories: int, seed: int) -> Tensor:
    """Stories as one stream of ids, each with an end before it."""
    return torch.tensor([IDS[word] for text in WORLD.texts(num_stories, seed=seed) for word in ("", *words(text))])


def read(text: str) -> tuple[Tensor, Tensor]:
    """A story's ids with the start before them, and the world's distribution of the word after each."""
    story, reader, rows = words(text), WORLD.reader(), []
    for word in (*story, ""):
        row = torch.zeros(len(VOCABULARY))
        for following, share in reader.distribution().items():
            row[IDS[following]] += share
        rows.append(row)
        reader.read(word)
    return torch.tensor([[0, *(IDS[word] for word in story)]]), torch.stack(rows)


def divergence(truth: Tensor, log_p: Tensor) -> Tensor:
    """Kullback-Leibler divergence in nats from the truth, at each position."""
    return (torch.xlogy(truth, truth) - truth * log_p).sum(dim=-1)


def counted(num_stories: int) -> tuple[Tensor, Tensor]:
    """Log-probabilities by frequency alone, and by the word before (a tenth of the former mixed in)."""
    ids = stream(num_stories, 1)
    single = torch.bincount(ids, minlength=len(VOCABULARY)) + 0.5
    pairs = torch.zeros(len(VOCABULARY), len(VOCABULARY))
    pairs.index_put_((ids[:-1], ids[1:]), torch.ones(len(ids) - 1), accumulate=True)
    single = single / single.sum()
    pairs = 0.9 * pairs / pairs.sum(dim=1, keepdim=True).clamp(min=1) + 0.1 * single
    return single.log(), (pairs / pairs.sum(dim=1, keepdim=True)).log()


def weights_of(model: GPT, ids: Tensor) -> Tensor:
    """Attention weights by layer, head, position and position attended to."""
    with record_attention(model) as weights, torch.no_grad():
        model(ids)
    return torch.cat(list(weights.values()))


def previous(model: GPT, stories: Sequence[Tensor]) -> Tensor:
    """The weight on the position just before, by layer and head: a mean over positions and stories."""
    each = [weights_of(model, ids).diagonal(offset=-1, dim1=-2, dim2=-1).mean(dim=-1) for ids in stories]
    return torch.stack(each).mean(dim=0)


def write(model: GPT, seed: int) -> str:
    """A text of the model."""
    ids = generate(
        model,
        torch.tensor([[0]]),
        max_new_tokens=SAMPLE_WORDS,
        choose_next=temperature(1.0),
        generator=torch.Generator().manual_seed(seed),
    )[0, 1:].tolist()
    return join_words([VOCABULARY[number] for number in ids[: ids.index(0) if 0 in ids else None]])


def run_seed(seed: int, at: Sequence[int], num_stories: int, num_held_out: int) -> dict[str, Any]:
    """Train once, and measure at the given steps."""
    sizes = {"context_length": LENGTH, "d_model": WIDTH, "num_layers": LAYERS, "num_heads": HEADS}
    model = GPT(GPTConfig(vocab_size=len(VOCABULARY), **sizes), seed=seed)
    held_out = [read(text) for text in WORLD.texts(num_held_out, seed=2)]
    choosing = [ids for ids, _ in (read(text) for text in WORLD.texts(num_held_out, seed=3))]
    shown = read(WORLD.story(seed=SHOWN_STORY).text)[0][:, :SHOWN_WORDS]
    batches = next_token_batches(
        stream(num_stories, 1),
        batch_size=ROWS,
        context_length=LENGTH,
        generator=torch.Generator().manual_seed(seed),
        num_epochs=None,
    )
    steps = max(at)
    schedule = warmup_cosine(RATE, num_steps=steps, warmup_steps=steps // 10)
    optimizer, training, found = fused_adamw(model, RATE), [], []
    for step in range(steps + 1):
        if step in at:
            model.eval()
            with torch.no_grad():
                each = [(truth, model(ids)[0].log_softmax(dim=-1), ids[0, 1:].tolist()) for ids, truth in held_out]
            losses = [-log_p[range(len(said) + 1), [*said, 0]].sum().item() for _, log_p, said in each]
            found.append(
                {
                    "step": step,
                    "loss": sum(losses) / sum(len(said) + 1 for _, _, said in each),
                    "distance": torch.cat([divergence(truth, log_p) for truth, log_p, _ in each]).mean().item(),
                    "attention": weights_of(model, shown),
                    "previous": previous(model, [ids for ids, _ in held_out]),
                    "text": write(model, seed=0),
                }
            )
            model.train()
        if step < steps:
            training.append(train_step(model, optimizer, next(batches), learning_rate=schedule(step)).loss_nats)
    layer, head = divmod(int(previous(model, choosing).argmax()), HEADS)
    for entry in found:
        entry["attention"] = [[round(weight, 3) for weight in row] for row in entry["attention"][layer, head].tolist()]
        others = entry["previous"].flatten().tolist()
        entry["previous"] = others.pop(HEADS * layer + head)
        entry["previous_others"] = sum(others) / len(others)
    return {
        "layer": layer + 1,
        "head": head + 1,
        "training": [round(loss, 3) for loss in training],
        "checkpoints": found,
    }


REDUCED = {"seeds": (0,), "at": (0, 2), "num_stories": 20, "num_held_out": 2}


def run(
    seeds: Sequence[int] = (0, 1, 2),
    at: Sequence[int] = (0, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 120, 150, 180, 220, 260, 300, 350, 400),
    num_stories: int = 2000,
    num_held_out: int = 12,
) -> dict[str, Any]:
    """Train with every seed; measure what counting alone would reach."""
    truths = [read(text) for text in WORLD.texts(num_held_out, seed=2)]
    single, pairs = counted(num_stories)
    entropy = WORLD.entropy()
    return {
        "words": ["", *words(WORLD.story(seed=SHOWN_STORY).text)][:SHOWN_WORDS],
        "entropy": entropy.nats_per_story / (entropy.words_per_story + 1),
        "frequencies": torch.cat([divergence(truth, single) for _, truth in truths]).mean().item(),
        "pairs": torch.cat([divergence(truth, pairs[ids[0]]) for ids, truth in truths]).mean().item(),
        "runs": [run_seed(seed, at, num_stories, num_held_out) for seed in seeds],
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
