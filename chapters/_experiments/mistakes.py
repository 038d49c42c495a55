"""Which test finds which mistake: mistakes planted in a small GPT, in its loss or in its targets.

For each mistake and seed a model is made, the mistake is planted, and every test
measures one number. What a test accepts is fixed by the correct model alone, on
seeds that are not used again; false alarms are counted on yet others.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from lmkit.book import save_experiment
from lmkit.data import END_OF_TEXT, Batch, encode_corpus, next_token_batches
from lmkit.models import GPT, GPTConfig
from lmkit.storyworld import StoryWorld
from lmkit.tokenizers import train_bpe
from lmkit.training import (
    Objective,
    evaluate_loss,
    fused_adamw,
    next_token_loss,
    next_token_objective,
    train_step,
)

WORLD = StoryWorld()
TOKENIZER = train_bpe(WORLD.texts(300, seed=1), 400, (END_OF_TEXT,), progress=False)
CONFIG = GPTConfig(
    vocab_size=TOKENIZER.vocab_size,
    context_length=32,
    d_model=32,
    num_layers=2,
    num_heads=2,
)
RATE = 1e-2
ONE_BATCH_STEPS = (25, 50, 100)


# Mistakes in the model


class HalfResidual(nn.Module):
    """A layer that adds its input around the feed-forward network only."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor, mask: Tensor | None = None, cache: Any = None) -> Tensor:
        """Pass hidden states through the layer."""
        layer = self.layer
        y, _ = layer.attention(layer.attention_norm(x), mask=mask, is_causal=True, cache=cache)
        return y + layer.feed_forward(layer.feed_forward_norm(y))


class BatchNorm(nn.Module):
    """Normalises each column over the batch, where a layer norm takes each row by itself."""

    def __init__(self, norm: Any) -> None:
        super().__init__()
        self.weight, self.bias = norm.weight, norm.bias

    def forward(self, x: Tensor) -> Tensor:
        """Normalise."""
        mean, variance = x.mean(dim=(0, 1)), x.var(dim=(0, 1), correction=0)
        return (x - mean) / (variance + 1e-5).sqrt() * self.weight + self.bias


def see_ahead(num_tokens: int | None) -> Callable[[GPT], None]:
    """Let every position attend to so many later ones, or to all."""

    def change(attention: nn.Module, args: Any, kwargs: dict[str, Any]) -> Any:
        num_new, cache = args[0].shape[1], kwargs["cache"]
        num_keys = num_new + (cache.length if cache is not None else 0)
        ahead = num_keys if num_tokens is None else num_tokens
        mask = torch.ones(1, num_new, num_keys, dtype=torch.bool).tril(num_keys - num_new + ahead)
        return args, {**kwargs, "is_causal": False, "mask": mask}

    def plant(model: GPT) -> None:
        for layer in model.layers:
            layer.attention.register_forward_pre_hook(change, with_kwargs=True)

    return plant


def no_positions(model: GPT) -> None:
    """Add nothing for the position."""
    model.position_embedding.register_forward_hook(lambda module, args, output: torch.zeros_like(output))


def restart_positions(model: GPT) -> None:
    """Count positions from 0 in every call, also with a cache."""
    model.position_embedding.register_forward_pre_hook(lambda module, args: (args[0] - args[0].min(),))


def half_a_residual(model: GPT) -> None:
    """Leave out the addition around attention."""
    for number, layer in enumerate(model.layers):
        model.layers[number] = HalfResidual(layer)


def no_last_norm(model: GPT) -> None:
    """Leave out the normalisation before the unembedding."""
    model.norm = nn.Identity()


def batch_norm(model: GPT) -> None:
    """Normalise over the batch before the unembedding."""
    model.norm = BatchNorm(model.norm)


def large_start(model: GPT) -> None:
    """Draw the embeddings with PyTorch's default deviation, 1."""
    model.token_embedding.weight.data *= 50


def not_divided(model: GPT) -> None:
    """Leave out the division of the scores by the root of the head width."""
    factor = torch.ones(3 * CONFIG.d_model, dtype=torch.float64)
    factor[: CONFIG.d_model] = math.sqrt(CONFIG.d_model / CONFIG.num_heads)  # queries come first
    for layer in model.layers:
        layer.attention.qkv.register_forward_hook(lambda module, args, output: output * factor.to(output.dtype))


def heads_mixed_up(model: GPT) -> None:
    """Reshape the heads into one row without bringing the positions to the front first."""

    def change(module: nn.Module, args: Any) -> Any:
        (x,) = args
        split = x.unflatten(-1, (CONFIG.num_heads, -1)).transpose(1, 2)
        return (split.reshape(x.shape),)

    for layer in model.layers:
        layer.attention.output.register_forward_pre_hook(change)


def exact_gelu(model: GPT) -> None:
    """Take the exact GELU for its approximation."""
    for layer in model.layers:
        layer.feed_forward.activation = functional.gelu


def not_tied(model: GPT) -> None:
    """Give the unembedding a matrix of its own."""
    generator = torch.Generator().manual_seed(0)
    own = 0.02 * torch.randn(CONFIG.vocab_size, CONFIG.d_model, generator=generator)
    model.unembedding.weight = nn.Parameter(own.to(model.token_embedding.weight.dtype))


def layers_shared(model: GPT) -> None:
    """Use the first layer in place of all."""
    for number in range(1, len(model.layers)):
        model.layers[number] = model.layers[0]


def dropout_on(model: GPT) -> None:
    """Drop activations in evaluation mode too."""
    model.norm.register_forward_hook(lambda module, args, output: functional.dropout(output, 0.1))


def nothing(model: GPT) -> None:
    """Leave the model as it is."""


# Mistakes in targets and loss


def not_shifted(model: nn.Module, batch: Batch) -> Tensor:
    """Score the prediction of the inputs themselves."""
    return next_token_loss(model(batch.inputs), batch.inputs)


def shifted_twice(model: nn.Module, batch: Batch) -> Tensor:
    """Shift targets that the batch has shifted already."""
    return next_token_loss(model(batch.inputs)[:, :-1], batch.targets[:, 1:])


def softmax_twice(model: nn.Module, batch: Batch) -> Tensor:
    """Hand probabilities to a loss that expects logits."""
    return next_token_loss(model(batch.inputs).softmax(dim=-1), batch.targets)


class Case(NamedTuple):
    """A mistake: what it does to the model, or the loss that it puts in place of the right one."""

    plant: Callable[[GPT], None] = nothing
    objective: Objective = next_token_objective


CASES = {
    "no causal mask": Case(see_ahead(None)),
    "mask one too wide": Case(see_ahead(1)),
    "heads mixed up": Case(heads_mixed_up),
    "scores not divided": Case(not_divided),
    "no positions": Case(no_positions),
    "positions restart": Case(restart_positions),
    "half a residual": Case(half_a_residual),
    "no last norm": Case(no_last_norm),
    "batch norm": Case(batch_norm),
    "exact GELU": Case(exact_gelu),
    "weights not tied": Case(not_tied),
    "layers shared": Case(layers_shared),
    "large start": Case(large_start),
    "dropout left on": Case(dropout_on),
    "targets not shifted": Case(objective=not_shifted),
    "targets shifted twice": Case(objective=shifted_twice),
    "softmax twice": Case(objective=softmax_twice),
}


# Tests: each gives one number


def make(case: Case, seed: int, dtype: torch.dtype = torch.float32) -> GPT:
    """A new model with the mistake in it."""
    model = GPT(CONFIG, seed=seed).to(dtype)
    case.plant(model)
    return model.eval()


def size(case: Case, seed: int, batch: Batch) -> float:
    """Parameters more than the formula says."""
    V, C, D, L = CONFIG.vocab_size, CONFIG.context_length, CONFIG.d_model, CONFIG.num_layers
    counted = sum(weight.numel() for weight in make(case, seed).parameters())
    return float(counted - (V * D + C * D + L * (12 * D**2 + 13 * D) + 2 * D))


@torch.no_grad()
def first_loss(case: Case, seed: int, batch: Batch) -> float:
    """Loss before training, above log V + D / 2 * 0.02 ** 2."""
    expected = math.log(CONFIG.vocab_size) + CONFIG.d_model * 0.02**2 / 2
    return case.objective(make(case, seed), batch).item() - expected


def positions(case: Case, seed: int, batch: Batch) -> float:
    """How much logits differ between positions of one repeated token."""
    with torch.no_grad():
        logits = make(case, seed, torch.float64)(batch.inputs[:1, :1].expand(1, 8))
    return (logits - logits[:, :1]).abs().max().item()


def causality(case: Case, seed: int, batch: Batch) -> float:
    """Largest gradient of an early logit at a later token."""
    model, vectors = make(case, seed, torch.float64), []
    model.token_embedding.register_forward_hook(lambda module, args, output: vectors.append(output))
    logits = model(batch.inputs[:2])
    (gradient,) = torch.autograd.grad(logits[:, 5].sum(), vectors)
    return gradient[:, 6:].abs().max().item()


@torch.no_grad()
def rows(case: Case, seed: int, batch: Batch) -> float:
    """How much a row's logits depend on the other rows."""
    model = make(case, seed, torch.float64)
    alone = torch.cat([model(row[None]) for row in batch.inputs])
    return (model(batch.inputs) - alone).abs().max().item()


@torch.no_grad()
def cache(case: Case, seed: int, batch: Batch) -> float:
    """How much the logits depend on whether tokens are read one by one, with a cache, or at once."""
    model = make(case, seed, torch.float64)
    kept = model.make_cache(*batch.inputs.shape)
    one_by_one = [model(column, cache=kept) for column in batch.inputs.split(1, dim=1)]
    return (torch.cat(one_by_one, dim=1) - model(batch.inputs)).abs().max().item()


@torch.no_grad()
def reference(case: Case, seed: int, batch: Batch) -> float:
    """How far the logits are from those of a correct model with the same weights."""
    model, correct = make(case, seed, torch.float64), GPT(CONFIG).double()
    weights = {name.replace(".layer.", "."): weight for name, weight in model.state_dict().items()}
    correct.load_state_dict(weights, strict=False)
    return (correct.eval()(batch.inputs) - model(batch.inputs)).abs().max().item()


def one_batch(case: Case, seed: int, batch: Batch, steps: tuple[int, ...]) -> list[float]:
    """Loss on a batch that is trained on and nothing else, after so many steps."""
    model = make(case, seed)
    optimizer = fused_adamw(model, RATE, weight_decay=0.0)
    four = Batch(inputs=batch.inputs[:4], targets=batch.targets[:4])
    losses = [
        train_step(model, optimizer, four, objective=case.objective, precision="fp32").loss_nats
        for _ in range(max(steps) + 1)
    ]
    return [losses[step] for step in steps]


def short_run(case: Case, seed: int, streams: tuple[Tensor, Tensor], num_steps: int) -> float:
    """Loss on new stories, as the program itself reports it, after a short training run."""
    training, held_out = streams
    model = make(case, seed)
    optimizer = fused_adamw(model, RATE)
    shuffle = torch.Generator().manual_seed(seed)
    batches = next_token_batches(training, batch_size=8, context_length=32, generator=shuffle, num_epochs=None)
    for _ in range(num_steps):
        train_step(model, optimizer, next(batches), objective=case.objective, precision="fp32")
    exam = next_token_batches(held_out, batch_size=64, context_length=32)
    return evaluate_loss(model, [next(exam) for _ in range(2)], objective=case.objective, precision="fp32")


def draw_batch(seed: int) -> Batch:
    """Pieces of stories, none of which begins with the token of another."""
    pieces = (TOKENIZER.encode(text)[10:35] for text in WORLD.texts(60, seed=1000 + seed))
    by_first_token = {piece[0]: piece for piece in pieces}
    ids = torch.tensor(list(by_first_token.values())[:16])
    return Batch(inputs=ids[:, :-1], targets=ids[:, 1:])


def examine(
    case: Case,
    seed: int,
    streams: tuple[Tensor, Tensor],
    one_batch_steps: tuple[int, ...],
    num_steps: int,
) -> dict[str, Any]:
    """What every test measures."""
    batch = draw_batch(seed)
    torch.manual_seed(seed)  # for the dropout that should not be there
    exact = (size, first_loss, positions, causality, rows, cache, reference)
    return {
        "seed": seed,
        **{test.__name__: test(case, seed, batch) for test in exact},
        "one_batch": one_batch(case, seed, batch, one_batch_steps),
        "short_run": short_run(case, seed, streams, num_steps),
    }


REDUCED = {
    "seeds": (0,),
    "calibration_seeds": (100,),
    "false_alarm_seeds": (200,),
    "one_batch_steps": (1, 2),
    "num_steps": 2,
    "num_stories": 200,
    "mistakes": ("half a residual",),
}


def run(
    seeds: tuple[int, ...] = tuple(range(10, 20)),
    calibration_seeds: tuple[int, ...] = tuple(range(100, 110)),
    false_alarm_seeds: tuple[int, ...] = tuple(range(200, 230)),
    one_batch_steps: tuple[int, ...] = ONE_BATCH_STEPS,
    num_steps: int = 100,
    num_stories: int = 500,
    mistakes: tuple[str, ...] = tuple(CASES),
) -> dict[str, Any]:
    """Measure the correct model, then every mistake."""
    streams = tuple(
        encode_corpus(TOKENIZER, WORLD.texts(num_stories, seed=seed), end_of_text=END_OF_TEXT, progress=False)
        for seed in (1, 2)
    )

    def measure(case: Case, seeds: tuple[int, ...]) -> list[dict[str, Any]]:
        return [examine(case, seed, streams, one_batch_steps, num_steps) for seed in seeds]

    exact, held_out = WORLD.entropy(), streams[1]
    return {
        "calibration": measure(Case(), calibration_seeds),
        "false_alarms": measure(Case(), false_alarm_seeds),
        "mistakes": [{"mistake": name, "runs": measure(CASES[name], seeds)} for name in mistakes],
        "entropy_nats_per_token": exact.nats_per_story * num_stories / len(held_out),
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
