"""Where the norm and the addition are: which deep Transformers train.

Small causal Transformers of 4 and 32 layers read stories of the story world word
by word. The norm precedes each sublayer, follows the addition, follows it while
the learning rate is warmed up, or precedes a sublayer whose input is not added.
Each arm has the learning rate with the lowest held-out loss for a seed that is not
used again. Within a seed all arms see the same texts. What guessing by frequency
alone costs is measured too.
"""

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor, nn

from lmkit.book import save_experiment
from lmkit.data import next_token_batches
from lmkit.nn import FeedForward, LayerNorm, LearnedPositions, MultiHeadAttention, TokenEmbedding, initialise
from lmkit.training import TrainingConfig, constant, evaluate_loss, fused_adamw, train, warmup_cosine
from parts.word_stream import seen_words

WIDTH, LENGTH, ROWS = 32, 32, 16
SEEDS = (0, 1, 2)
TUNING_SEED = 100
RATES = (3e-4, 1e-3, 3e-3)
ARMS = ("pre-norm", "post-norm", "post-norm, warm-up", "no residual")


class Sublayer(nn.Module):
    """A part of a block with its norm, and with or without the addition."""

    def __init__(self, arm: str, part: nn.Module) -> None:
        super().__init__()
        self.arm, self.norm, self.part = arm, LayerNorm(WIDTH), part

    def forward(self, x: Tensor) -> Tensor:
        """Pass hidden states through it."""
        read = x if self.arm.startswith("post-norm") else self.norm(x)
        if isinstance(self.part, MultiHeadAttention):
            output, _ = self.part(read, is_causal=True)
        else:
            output = self.part(read)
        if self.arm == "pre-norm":
            return x + output
        return output if self.arm == "no residual" else self.norm(x + output)


class Transformer(nn.Module):
    """A causal Transformer whose embeddings start with variance 1, and its matrices as those of post-norm models."""

    def __init__(self, vocab_size: int, num_layers: int, arm: str, *, seed: int) -> None:
        super().__init__()
        self.tokens = TokenEmbedding(vocab_size, WIDTH)
        self.positions = LearnedPositions(LENGTH, WIDTH)
        parts: list[nn.Module] = []
        for _ in range(num_layers):
            parts.append(MultiHeadAttention(d_model=WIDTH, num_heads=4))
            parts.append(FeedForward(d_model=WIDTH, d_ff=4 * WIDTH, activation="relu"))
        self.layers = nn.Sequential(*(Sublayer(arm, part) for part in parts))
        self.norm = LayerNorm(WIDTH)
        self.unembedding = nn.Linear(WIDTH, vocab_size, bias=False)
        initialise(self, seed=seed)
        for table in (self.tokens, self.positions):
            table.weight.data /= table.weight.data.std()

    def hidden(self, token_ids: Int[Tensor, "B T"]) -> Tensor:
        """The hidden states after the layers."""
        x = self.tokens(token_ids) + self.positions.weight[: token_ids.shape[1]]
        return self.norm(self.layers(x))

    def forward(self, token_ids: Int[Tensor, "B T"]) -> Tensor:
        """The logits."""
        return self.unembedding(self.hidden(token_ids))


def run_arm(num_layers: int, arm: str, rate: float, seed: int, steps: int) -> float:
    """Train a model; returns its held-out loss in nats per word."""
    model = Transformer(seen_words().vocab_size, num_layers, arm, seed=seed)
    batches = next_token_batches(
        seen_words().stories(1000, 1),
        batch_size=ROWS,
        context_length=LENGTH,
        generator=torch.Generator().manual_seed(seed),
        num_epochs=None,
    )
    half = steps // 2
    schedule = (
        warmup_cosine(rate, warmup_steps=half, num_steps=steps, final_learning_rate=rate)
        if arm.endswith("warm-up")
        else constant(rate)
    )
    train(model, fused_adamw(model, rate), batches, schedule, TrainingConfig(num_steps=steps), progress=False)
    held_out = next_token_batches(seen_words().stories(100, 2), batch_size=64, context_length=LENGTH)
    return evaluate_loss(model, held_out)


REDUCED = {"seeds": (0,), "rates": (1e-3,), "steps": 2, "depths": (2,)}


def run(
    seeds: Sequence[int] = SEEDS,
    rates: Sequence[float] = RATES,
    steps: int = 100,
    depths: Sequence[int] = (4, 32),
) -> dict[str, Any]:
    """Choose the learning rate of each arm at each depth, and train from every seed."""
    arms: dict[str, list[dict[str, Any]]] = {arm: [] for arm in ARMS}
    for arm, results in arms.items():
        for depth in depths:
            tuning = [run_arm(depth, arm, rate, TUNING_SEED, steps) for rate in rates]
            rate = rates[tuning.index(min(tuning))]
            losses = [run_arm(depth, arm, rate, seed, steps) for seed in seeds]
            results.append({"depth": depth, "tuning": tuning, "rate": rate, "losses": losses})
    return {"frequency_loss": seen_words().frequency_loss(1000), "arms": arms}


if __name__ == "__main__":
    save_experiment(__file__, run)
