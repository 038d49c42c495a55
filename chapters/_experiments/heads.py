"""One head or two: a layer of attention that looks up and compares two ages.

A text states the ages of four people and asks whether one of them is older
than another. Layers with one head and with two heads of half the width have
the same number of parameters; a third arm leaves out the division of the
scores by the root of the width. All arms see the same texts, seed by seed.
"""

import itertools
import math
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
NUM_STEPS = 250


class OneLayer(nn.Module):
    """Embeddings, one layer of attention, unembedding."""

    def __init__(
        self,
        vocab_size: int,
        length: int,
        num_heads: int,
        *,
        causal: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.tokens = TokenEmbedding(vocab_size, 64)
        self.positions = LearnedPositions(length, 64)
        self.norm = LayerNorm(64)
        self.attention = MultiHeadAttention(d_model=64, num_heads=num_heads)
        self.unembedding = nn.Linear(64, vocab_size, bias=False)
        self.causal = causal
        initialise(self, seed=seed, std=1 / math.sqrt(64))

    def hidden(self, token_ids: Tensor) -> Tensor:
        """The hidden states after the layer."""
        x = self.tokens(token_ids) + self.positions.weight[: token_ids.shape[1]]
        attended, _ = self.attention(self.norm(x), is_causal=self.causal)
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


def fit(
    model: nn.Module,
    batches: Any,
    *,
    rate: float = 3e-3,
    num_steps: int = NUM_STEPS,
) -> list[float]:
    """Train, and return the loss of each step."""
    optimizer = fused_adamw(model, rate, weight_decay=0.0)
    config = TrainingConfig(num_steps=num_steps)
    return train(model, optimizer, batches, constant(rate), config, progress=False).loss_nats


def run_arm(num_heads: int, divided: bool, seed: int, num_steps: int = NUM_STEPS) -> dict[str, Any]:
    """Train a layer; measure where its heads look and how often it is right."""
    model = OneLayer(NO + 2, PEOPLE + 1, num_heads, seed=seed)
    if not divided:
        forget_to_divide(model.attention)
    generator = torch.Generator().manual_seed(seed)
    losses = fit(
        model,
        (draw(64, generator) for _ in itertools.count()),
        num_steps=num_steps,
    )
    held_out = draw(3000, torch.Generator().manual_seed(99))
    question = held_out.inputs[:, -1]
    with torch.no_grad(), record_attention(model) as recorded:
        answers = model(held_out.inputs)[:, -1].argmax(dim=-1)
    asked = torch.tensor(PAIRS)[question - PEOPLE * AGES]  # "N 2"
    from_question = recorded["attention"][:, :, -1]  # "N H S"
    looks = from_question.gather(2, asked[:, None].expand(-1, num_heads, -1))  # "N H 2"
    moves = [looks[question == one].std(dim=0).mean().item() for one in question.unique()]
    means = [round(sum(losses[i : i + 25]) / 25, 4) for i in range(0, num_steps - num_steps % 25, 25)]
    return {
        "seed": seed,
        "accuracy": 100 * (answers == held_out.targets[:, -1]).double().mean().item(),
        "looks": looks.mean(dim=0).tolist(),
        "moves": sum(moves) / len(moves),
        "loss_by_25_steps": means,
    }


REDUCED = {"seeds": (0,), "num_steps": 25}


def run(seeds: tuple[int, ...] = SEEDS, num_steps: int = NUM_STEPS) -> dict[str, Any]:
    """Train every arm from every seed."""
    return {name: [run_arm(*arm, seed, num_steps) for seed in seeds] for name, arm in ARMS.items()}


if __name__ == "__main__":
    save_experiment(__file__, run)
