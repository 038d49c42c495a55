"""Trained on short windows, tested on long ones: five ways to tell positions.

The models differ only in how they tell positions. All read the same windows of
32 tokens from a stream of stories, and are then measured at each position of
windows of 256 tokens from other stories: with all earlier tokens in view, and
with the last 32 only. Each scheme has the learning rate of three with the
lowest loss, for a seed that is not used again. The models with rotary
positions are also measured with stretched angles, before and after a short
training on windows of 256 tokens, and compared with models that had such
windows from the start.
"""

import copy
import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.book import save_experiment
from lmkit.data import next_token_batches
from lmkit.models import RopeScaling, ScaledRotaryPositions
from lmkit.nn import (
    FeedForward,
    LayerNorm,
    LearnedPositions,
    MultiHeadAttention,
    RotaryPositions,
    Rotation,
    TokenEmbedding,
    alibi_bias,
    initialise,
    sinusoidal_positions,
)
from lmkit.storyworld import StoryWorld, words
from lmkit.training import TrainingConfig, fused_adamw, train, warmup_cosine

WIDTH, HEADS, LAYERS = 64, 4, 2
SHORT, LONG = 32, 256
FACTOR = LONG / SHORT
TOKENS_PER_STEP = 512
SEEDS = (0, 1, 2)
TUNING_SEED = 100
RATES = (2e-3, 5e-3, 1.2e-2)
STEPS, TUNING_STEPS, LONG_STEPS = 1000, 300, 100
STORIES, WINDOWS = 6000, 128


class Told(NamedTuple):
    """What a scheme says about positions, and where: in the input, in queries and keys, in the scores."""

    added: Tensor | None = None
    rotation: Rotation | None = None
    bias: Tensor | None = None


class Nothing(nn.Module):
    """No positions."""

    def forward(self, positions: Tensor) -> Told:
        """Says nothing."""
        return Told()


class Learned(nn.Module):
    """A table with a row for each position of the long windows; training on short ones never reaches the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.table = LearnedPositions(LONG, WIDTH)

    def forward(self, positions: Tensor) -> Told:
        """Adds rows of the table to the input."""
        return Told(added=self.table(positions))


class Sinusoidal(nn.Module):
    """Sines and cosines."""

    def forward(self, positions: Tensor) -> Told:
        """Adds sines and cosines to the input."""
        return Told(added=sinusoidal_positions(positions, WIDTH))


class Rotary(nn.Module):
    """Rotated queries and keys; the frequencies can be changed later."""

    def __init__(self) -> None:
        super().__init__()
        self.rotary: RotaryPositions = RotaryPositions(WIDTH // HEADS)
        self.divisors = torch.ones(WIDTH // HEADS // 2)

    def forward(self, positions: Tensor) -> Told:
        """Rotates queries and keys."""
        rotation = self.rotary(positions[None])
        if (self.divisors > 1).any():
            theta = positions[:, None] * self.frequencies / self.divisors
            rotation = Rotation(theta.cos()[None, None], theta.sin()[None, None], self.rotary.layout)
        return Told(rotation=rotation)

    @property
    def frequencies(self) -> Tensor:
        """Radians per position, of each pair of columns."""
        columns = torch.arange(0, self.rotary.d_head, 2)
        return self.rotary.base ** (-columns / self.rotary.d_head)


class Biased(nn.Module):
    """Scores that fall with the distance."""

    def forward(self, positions: Tensor) -> Told:
        """Adds a bias to the scores."""
        return Told(bias=alibi_bias(HEADS, len(positions)).float())


SCHEMES: dict[str, Callable[[], nn.Module]] = {
    "learned": Learned,
    "sinusoidal": Sinusoidal,
    "RoPE": Rotary,
    "ALiBi": Biased,
    "none": Nothing,
}


class Layer(nn.Module):
    """Attention, then feed-forward."""

    def __init__(self) -> None:
        super().__init__()
        self.attention_norm, self.feed_forward_norm = LayerNorm(WIDTH), LayerNorm(WIDTH)
        self.attention = MultiHeadAttention(d_model=WIDTH, num_heads=HEADS)
        self.feed_forward = FeedForward(d_model=WIDTH, d_ff=2 * WIDTH, activation="gelu_tanh")

    def forward(self, x: Tensor, told: Told, mask: Tensor | None) -> Tensor:
        """Pass hidden states through the layer."""
        attended, _ = self.attention(
            self.attention_norm(x),
            mask=mask,
            is_causal=True,
            rotation=told.rotation,
            score_bias=told.bias,
        )
        x = x + attended
        return x + self.feed_forward(self.feed_forward_norm(x))


class Decoder(nn.Module):
    """A small GPT to which one scheme tells the positions."""

    def __init__(self, vocab_size: int, scheme: str, *, seed: int) -> None:
        super().__init__()
        self.tokens = TokenEmbedding(vocab_size, WIDTH, scale=math.sqrt(WIDTH))
        self.positions = SCHEMES[scheme]()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = LayerNorm(WIDTH)
        self.unembedding = nn.Linear(WIDTH, vocab_size, bias=False)
        initialise(self, seed=seed, num_residual_layers=LAYERS, std=1 / math.sqrt(WIDTH))

    def forward(self, token_ids: Tensor, window: int | None = None) -> Tensor:
        """The logits; with a window, each position sees so many tokens only."""
        return self.unembedding(self.hidden(token_ids, window))

    def hidden(self, token_ids: Tensor, window: int | None = None) -> Tensor:
        """The normalised output of the last layer."""
        positions = torch.arange(token_ids.shape[1])
        told = self.positions(positions)
        x = self.tokens(token_ids)
        if told.added is not None:
            x = x + told.added
        mask = None if window is None else positions[:, None] - positions < window
        for layer in self.layers:
            x = layer(x, told, mask)
        return self.norm(x)


def read(num_stories: int, seed: int) -> Tensor:
    """Stories in one stream of word ids, with an id between them."""
    world = StoryWorld()
    ids = {word: number for number, word in enumerate(["", *world.vocabulary])}
    texts = world.texts(num_stories, seed=seed)
    return torch.tensor([ids[word] for text in texts for word in [*words(text), ""]])


def fit(model: Decoder, stream: Tensor, rate: float, num_steps: int, *, length: int, seed: int) -> list[float]:
    """Train on windows of one length, and return the loss of each step."""
    batches = next_token_batches(
        stream,
        batch_size=TOKENS_PER_STEP // length,
        context_length=length,
        generator=torch.Generator().manual_seed(seed),
        num_epochs=None,
    )
    schedule = warmup_cosine(rate, num_steps=num_steps, warmup_steps=num_steps // 10)
    optimizer = fused_adamw(model, rate, weight_decay=0.0)
    config = TrainingConfig(num_steps=num_steps)
    return train(model, optimizer, batches, schedule, config, progress=False).loss_nats


@torch.no_grad()
def loss_by_position(model: Decoder, windows: Tensor, window: int | None = None) -> list[float]:
    """Mean loss in nats at each position of the windows."""
    losses = [
        F.cross_entropy(model(part[:, :-1], window).transpose(1, 2), part[:, 1:], reduction="none")
        for part in windows.split(64)
    ]
    return [round(loss, 4) for loss in torch.cat(losses).mean(dim=0).tolist()]


def stretched(model: Decoder, how: str) -> Decoder:
    """A copy with other angles: all pairs, or those that do or do not turn once within the short windows."""
    model = copy.deepcopy(model)
    rotary: Any = model.positions
    turns = SHORT * rotary.frequencies / (2 * math.pi)
    if how in ("slow pairs", "fast pairs"):
        chosen = turns < 1 if how == "slow pairs" else turns >= 1
        rotary.divisors = torch.where(chosen, FACTOR, 1.0)
    elif how != "as trained":
        scaling = RopeScaling(kind=how, factor=FACTOR, original_context_length=SHORT)  # type: ignore[arg-type]
        rotary.rotary = ScaledRotaryPositions(WIDTH // HEADS, scaling, layout="interleaved")
    return model


REDUCED = {
    "seeds": (0,),
    "rates": (5e-3,),
    "steps": 4,
    "tuning_steps": 4,
    "long_steps": 2,
    "num_stories": 100,
    "num_windows": 4,
}


def run(
    seeds: Sequence[int] = SEEDS,
    rates: Sequence[float] = RATES,
    steps: int = STEPS,
    tuning_steps: int = TUNING_STEPS,
    long_steps: int = LONG_STEPS,
    num_stories: int = STORIES,
    num_windows: int = WINDOWS,
) -> dict[str, Any]:
    """Tune, train on short windows, measure on long ones."""
    stream, other = read(num_stories, 0), read(max(num_windows, 16), 1)
    vocab_size = int(stream.max()) + 1
    starts = torch.randint(len(other) - LONG, (num_windows,), generator=torch.Generator().manual_seed(2))
    windows = other[starts[:, None] + torch.arange(LONG + 1)]
    result: dict[str, Any] = {"schemes": {}, "stretched": [], "trained on long": []}
    models = {}
    for scheme in SCHEMES:
        tuning = []
        for rate in rates:
            model = Decoder(vocab_size, scheme, seed=TUNING_SEED)
            losses = fit(model, stream, rate, tuning_steps, length=SHORT, seed=TUNING_SEED)
            tuning.append(round(sum(losses[-50:]) / len(losses[-50:]), 4))
        best = rates[tuning.index(min(tuning))]
        runs = []
        for seed in seeds:
            model = models[scheme, seed] = Decoder(vocab_size, scheme, seed=seed)
            fit(model, stream, best, steps, length=SHORT, seed=seed)
            model.eval()
            runs.append({"all": loss_by_position(model, windows), "window": loss_by_position(model, windows, SHORT)})
        result["schemes"][scheme] = {"tuning": tuning, "rate": best, "runs": runs}
    rate = result["schemes"]["RoPE"]["rate"]
    for how, seed in itertools.product(
        ("as trained", "linear", "yarn", "slow pairs", "fast pairs"),
        seeds,
    ):
        model = stretched(models["RoPE", seed], how)
        at_once = loss_by_position(model, windows)
        fit(model, stream, rate / 4, long_steps, length=LONG, seed=seed)
        model.eval()
        result["stretched"].append(
            {"how": how, "seed": seed, "at once": at_once, "then trained": loss_by_position(model, windows)}
        )
    for seed in seeds:
        model = Decoder(vocab_size, "RoPE", seed=seed)
        fit(model, stream, rate, steps, length=LONG, seed=seed)
        result["trained on long"].append(loss_by_position(model.eval(), windows))
    return result


if __name__ == "__main__":
    save_experiment(__file__, run)
