"""How low is the rank of what fine-tuning changes? Words change places.

The shipped GPT is fine-tuned on stories in which frequent words are exchanged
in pairs: only the most frequent pair, or 32 pairs. Its embeddings are frozen,
so the matrices of attention and feed-forward have to undo the exchange. We
train all entries of these matrices, or LoRA updates of them. Then the change
that full training made is cut to lower ranks, by its singular values. Each arm
has the learning rate of three with the lowest loss on the task with 32 pairs,
for a seed that is not used again.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from lmkit.book import save_experiment
from lmkit.data import END_OF_TEXT, Batches, document_batches
from lmkit.finetuning import LoRAConfig, add_lora, merge_lora, remove_lora
from lmkit.models import load_pretrained, load_tokenizer
from lmkit.storyworld import StoryWorld
from lmkit.training import TrainingConfig, evaluate_loss, fused_adamw, train, warmup_cosine

MODEL = "storyworld-gpt"
TASKS = {"one pair": 1, "32 pairs": 32}
RANKS = (1, 4, 16)
CUTS = (1, 2, 4, 8, 16, 32, 64, 128)
FULL = 0  # the rank that stands for training all entries
RATES = {FULL: (1e-3, 3e-3, 1e-2), **dict.fromkeys(RANKS, (2e-3, 8e-3, 3.2e-2))}
LAYERS = LoRAConfig().layers
Changes = dict[str, Tensor]


@cache
def read(num_stories: int, seed: int) -> list[list[int]]:
    """The token ids of stories."""
    tokenizer = load_tokenizer(MODEL)
    return [tokenizer.encode(text) for text in StoryWorld().texts(num_stories, seed=seed)]


class Exchange:
    """Stories in which the most frequent words change places in pairs."""

    def __init__(self, num_pairs: int) -> None:
        self.tokenizer = load_tokenizer(MODEL)
        counts = Counter(chain.from_iterable(read(400, 3_900_000)))
        words = [i for i, _ in counts.most_common() if re.fullmatch(r" ?\w+", self.tokenizer.decode([i]))]
        pairs = list(zip(words[: 2 * num_pairs : 2], words[1 : 2 * num_pairs : 2], strict=True))
        self.partner = {**dict(pairs), **{second: first for first, second in pairs}}

    def batches(
        self, num_stories: int, seed: int, *, exchanged: bool = True, generator: torch.Generator | None = None
    ) -> Batches:
        """Batches of about four stories."""
        stories = read(num_stories, seed)
        if exchanged:
            stories = [[self.partner.get(token, token) for token in story] for story in stories]
        end = self.tokenizer.special_tokens[END_OF_TEXT]
        return document_batches(stories, tokens_per_batch=300, end_of_text_id=end, generator=generator)

    def loss(self, model: nn.Module, num_stories: int, *, exchanged: bool = True) -> float:
        """Nats per token on held-out stories."""
        return evaluate_loss(model, self.batches(num_stories, 3_800_000, exchanged=exchanged))


def matrices(model: nn.Module) -> Changes:
    """The matrices that are trained, by name."""
    return {
        name: layer.weight
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear) and re.fullmatch(LAYERS, name)
    }


def fine_tune(task: Exchange, rank: int, rate: float, seed: int, num_steps: int) -> nn.Module:
    """The model after training all entries of the matrices, or updates of a rank."""
    model = load_pretrained(MODEL)
    if rank == FULL:
        model.requires_grad_(False)
        for weight in matrices(model).values():
            weight.requires_grad_(True)
    else:
        add_lora(model, LoRAConfig(rank=rank), seed=seed)
    generator = torch.Generator().manual_seed(seed)
    train(
        model,
        fused_adamw(model, rate, weight_decay=0.0),
        task.batches(num_steps * 5, 3_000_000 + 50_000 * seed, generator=generator),
        warmup_cosine(rate, num_steps=num_steps, warmup_steps=num_steps // 20),
        TrainingConfig(num_steps=num_steps),
        progress=False,
    )
    if rank != FULL:
        merge_lora(model)
        remove_lora(model)
    return model.eval()


@torch.no_grad()
def changes_of(model: nn.Module) -> Changes:
    """What training added to each matrix."""
    before = matrices(load_pretrained(MODEL))
    return {name: weight - before[name] for name, weight in matrices(model).items()}


@torch.no_grad()
def with_changes(changes: Changes, rank: int) -> nn.Module:
    """The model as it was, plus the best approximation of each change by a matrix of this rank."""
    model = load_pretrained(MODEL)
    for name, weight in matrices(model).items():
        u, s, v = torch.linalg.svd(changes[name], full_matrices=False)
        weight += u[:, :rank] * s[:rank] @ v[:rank]
    return model


def energy(changes: Changes, cuts: Sequence[int]) -> list[float]:
    """Share of a change's squared entries that its best approximations keep, mean over the matrices."""
    shares = []
    for change in changes.values():
        squares = torch.linalg.svdvals(change).square()
        shares.append((squares.cumsum(0) / squares.sum())[[cut - 1 for cut in cuts]])
    return torch.stack(shares).mean(dim=0).tolist()


REDUCED: dict[str, Any] = {"seeds": (0,), "ranks": (1,), "cuts": (1,), "num_steps": 3, "num_stories": 8}


def run(
    seeds: Sequence[int] = (0, 1, 2),
    ranks: Sequence[int] = RANKS,
    cuts: Sequence[int] = CUTS,
    num_steps: int = 150,
    num_stories: int = 80,
    tuning_seed: int = 9,
) -> dict[str, Any]:
    """Choose a rate for each arm, train each arm on both tasks from every seed, and cut the full changes."""
    hardest = Exchange(max(TASKS.values()))
    tuning: list[list[float]] = []
    best: dict[int, float] = {}
    for rank in (FULL, *ranks):
        losses = [
            hardest.loss(fine_tune(hardest, rank, rate, tuning_seed, num_steps), num_stories) for rate in RATES[rank]
        ]
        tuning.append(losses)
        best[rank] = RATES[rank][losses.index(min(losses))]
    generator = torch.Generator().manual_seed(0)
    shapes = {name: weight.shape for name, weight in matrices(load_pretrained(MODEL)).items()}
    noise = {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    result: dict[str, Any] = {
        "cuts": list(cuts),
        "tuning": tuning,
        "rates": [best[rank] for rank in (FULL, *ranks)],
        "noise_energy": energy(noise, cuts),
        "tasks": {},
    }
    for name, num_pairs in TASKS.items():
        task = Exchange(num_pairs)
        untrained = load_pretrained(MODEL)
        arms = [
            [task.loss(fine_tune(task, rank, best[rank], seed, num_steps), num_stories) for seed in seeds]
            for rank in ranks
        ]
        full = [fine_tune(task, FULL, best[FULL], seed, num_steps) for seed in seeds]
        changes = [changes_of(model) for model in full]
        result["tasks"][name] = {
            "before": task.loss(untrained, num_stories),
            "floor": task.loss(untrained, num_stories, exchanged=False),
            "full": [task.loss(model, num_stories) for model in full],
            "lora": arms,
            "energy": [energy(each, cuts) for each in changes],
            "cut": [[task.loss(with_changes(each, cut), num_stories) for each in changes] for cut in cuts],
        }
    return result


if __name__ == "__main__":
    save_experiment(__file__, run)
