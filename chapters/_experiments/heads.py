"""One head or two: a layer of attention that looks up and compares two ages.

A text states the ages of four people and asks whether one of them is older
than another. Layers with one head and with two heads of half the width have
the same number of parameters; a third arm leaves out the division of the
scores by the root of the width. Each arm has the learning rate of three with
the lowest final loss, for seeds that are not used again. Then all arms see the
same texts, seed by seed, and are measured early and after longer training.
"""

import itertools
import math
from collections.abc import Sequence
from statistics import fmean
from typing import Any

import torch
from torch import Tensor, nn

from lmkit.book import save_experiment
from lmkit.data import Batch
from lmkit.functional import IGNORE_ID
from lmkit.interpretability import record_attention
from lmkit.nn import (
    LayerNorm,
    LearnedPositions,
    MultiHeadAttention,
    TokenEmbedding,
    initialise,
)
from lmkit.training import TrainingConfig, constant, fused_adamw, train

PEOPLE, AGES = 4, 6
PAIRS = list(itertools.permutations(range(PEOPLE), 2))
NO = PEOPLE * AGES + len(PAIRS)  # the last two tokens are "no" and "yes"
ARMS = {
    "one head": (1, True),
    "two heads": (2, True),
    "two heads, not divided": (2, False),
}
SEEDS = tuple(range(20))
TUNING_SEEDS = (100, 101, 102)
RATES = (1e-3, 3e-3, 1e-2)
STEPS = (250, 2000)


class OneLayer(nn.Module):
    """Embeddings, one layer of attention, unembedding."""

    def __init__(
        self,
        vocab_size: int,
        length: int,
        num_heads: int,
        *,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.tokens = TokenEmbedding(vocab_size, 64)
        self.positions = LearnedPositions(length, 64)
        self.norm = LayerNorm(64)
        self.attention = MultiHeadAttention(d_model=64, num_heads=num_heads)
        self.unembedding = nn.Linear(64, vocab_size, bias=False)
        initialise(self, seed=seed, std=1 / math.sqrt(64))

    def hidden(self, token_ids: Tensor) -> Tensor:
        """The hidden states after the layer."""
        x = self.tokens(token_ids) + self.positions.weight[: token_ids.shape[1]]
        attended, _ = self.attention(self.norm(x), is_causal=True)
        return x + attended

    def forward(self, token_ids: Tensor) -> Tensor:
        """The logits."""
        return self.unembedding(self.hidden(token_ids))


def forget_to_divide(attention: MultiHeadAttention) -> None:
    """Multiply queries by the root of the head width: undo the division."""
    factor = torch.ones(attention.qkv.out_features)
    factor[: attention.num_heads * attention.d_head] = math.sqrt(attention.d_head)  # the queries come first
    attention.qkv.register_forward_hook(lambda module, inputs, output: output * factor)


def draw(num_texts: int, generator: torch.Generator) -> Batch:
    """Draw four ages and a question about two people of different age."""
    age = torch.randint(AGES, (num_texts, PEOPLE), generator=generator)
    asked = torch.randint(len(PAIRS), (num_texts,), generator=generator)
    first, second = age.gather(1, torch.tensor(PAIRS)[asked]).T
    told = torch.arange(PEOPLE) * AGES + age
    inputs = torch.cat([told, (PEOPLE * AGES + asked)[:, None]], dim=1)
    targets = torch.full_like(inputs, IGNORE_ID)
    targets[:, -1] = NO + (first > second)
    return Batch(inputs=inputs[first != second], targets=targets[first != second])


def measure(model: OneLayer) -> dict[str, Any]:
    """Where the heads look from the question, and how often the answer is right."""
    held_out = draw(3000, torch.Generator().manual_seed(99))
    question = held_out.inputs[:, -1]
    with torch.no_grad(), record_attention(model) as recorded:
        answers = model(held_out.inputs)[:, -1].argmax(dim=-1)
    from_question = recorded["attention"][:, :, -1]  # "N H S"
    asked = torch.tensor(PAIRS)[question - PEOPLE * AGES]  # "N 2"
    looks = from_question.gather(2, asked[:, None].expand(-1, from_question.shape[1], -1))  # "N H 2"
    moves = [looks[question == one].std(dim=0).mean().item() for one in question.unique()]
    return {
        "accuracy": 100 * (answers == held_out.targets[:, -1]).double().mean().item(),
        "looks": looks.mean(dim=0).tolist(),
        "moves": sum(moves) / len(moves),
    }


def run_arm(num_heads: int, divided: bool, rate: float, seed: int, steps: Sequence[int]) -> dict[str, Any]:
    """Train a layer, and measure it after each number of steps."""
    model = OneLayer(NO + 2, PEOPLE + 1, num_heads, seed=seed)
    if not divided:
        forget_to_divide(model.attention)
    generator = torch.Generator().manual_seed(seed)
    batches = (draw(64, generator) for _ in itertools.count())
    optimizer = fused_adamw(model, rate, weight_decay=0.0)
    losses: list[float] = []
    measured = []
    for num_steps in steps:
        config = TrainingConfig(num_steps=num_steps - len(losses))
        losses += train(model, optimizer, batches, constant(rate), config, progress=False).loss_nats
        measured.append({"steps": num_steps, **measure(model)})
    means = [round(sum(losses[i : i + 25]) / 25, 4) for i in range(0, len(losses) // 25 * 25, 25)]
    return {"seed": seed, "measured": measured, "loss_by_25_steps": means}


REDUCED = {"seeds": (0,), "tuning_seeds": (100,), "rates": (3e-3,), "steps": (25, 50)}


def run(
    seeds: Sequence[int] = SEEDS,
    tuning_seeds: Sequence[int] = TUNING_SEEDS,
    rates: Sequence[float] = RATES,
    steps: Sequence[int] = STEPS,
) -> dict[str, Any]:
    """Choose a learning rate for each arm, and train it from every seed."""
    result = {}
    for name, arm in ARMS.items():
        final_losses = []
        for rate in rates:
            tuning = [run_arm(*arm, rate, seed, steps) for seed in tuning_seeds]
            final_losses.append(fmean(loss for each in tuning for loss in each["loss_by_25_steps"][-10:]))
        rate = rates[final_losses.index(min(final_losses))]
        runs = [run_arm(*arm, rate, seed, steps) for seed in seeds]
        result[name] = {"final_losses": final_losses, "rate": rate, "runs": runs}
    return result


if __name__ == "__main__":
    save_experiment(__file__, run)
