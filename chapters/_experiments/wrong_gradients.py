"""How far a GPT gets if one term of its backward pass is wrong.

Each mistake leaves the forward pass as it is and changes one local rule of the
backward pass, in every block of a small GPT that reads stories letter by
letter. Each is trained at four learning rates, with a seed that is not used
again. The rate with the lowest loss on one text is taken, and the losses of
the other seeds are measured on another. As a control, the blocks get no
gradient at all and stay as they were drawn.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.book import save_experiment
from lmkit.data import next_token_batches
from lmkit.functional import cross_entropy
from lmkit.models import GPT, GPTConfig
from lmkit.storyworld import StoryWorld
from lmkit.training import DivergenceError, TrainingConfig, fused_adamw, train, warmup_cosine

SEEDS = (0, 1, 2)
RATES = (1e-3, 3e-3, 1e-2, 3e-2)
TUNING_SEED = 100
NUM_STEPS = 600
NUM_STORIES = 1500
WINDOW, BATCH_SIZE = 32, 8
MISTAKES = {
    "none": "no mistake",
    "spread": "LayerNorm: spread constant",
    "norm": "LayerNorm: mean and spread constant",
    "gelu": "GELU: slope 1",
    "skip": "residual: only the skip",
    "through": "residual: only the sublayer",
    "scores": "softmax: average not subtracted",
    "frozen": "blocks not trained",
}

REDUCED = {"seeds": (0,), "rates": (1e-2,), "num_steps": 2, "num_stories": 20}


class MistakenLayer(nn.Module):
    """A layer of a GPT with the forward pass of the package, and a mistake in its backward pass."""

    def __init__(self, layer: nn.Module, mistake: str) -> None:
        super().__init__()
        self.parts, self.mistake = layer, mistake

    def forward(self, x: Tensor, mask: Tensor | None = None, cache: None = None) -> Tensor:
        """Two sublayers, each added to its input."""
        return self.add(self.add(x, self.attended), self.fed_forward)

    def add(self, x: Tensor, sublayer: Callable[[Tensor], Tensor]) -> Tensor:
        """The residual connection."""
        through = sublayer(x.detach() if self.mistake == "skip" else x)
        return (x.detach() if self.mistake == "through" else x) + through

    def normalised(self, x: Tensor, norm: nn.Module) -> Tensor:
        """LayerNorm."""
        centre = x.mean(dim=-1, keepdim=True)
        spread = ((x - centre).square().mean(dim=-1, keepdim=True) + norm.eps).sqrt()
        if self.mistake == "norm":
            centre = centre.detach()
        if self.mistake in ("norm", "spread"):
            spread = spread.detach()
        return (x - centre) / spread * norm.weight + norm.bias

    def attended(self, x: Tensor) -> Tensor:
        """Causal attention."""
        attention = self.parts.attention
        projected = attention.qkv(self.normalised(x, self.parts.attention_norm))
        queries, keys, values = projected.unflatten(-1, (3, attention.num_heads, -1)).permute(2, 0, 3, 1, 4)
        scores = queries @ keys.transpose(-2, -1) / math.sqrt(attention.d_head)
        future = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        powers = (scores - scores.amax(dim=-1, keepdim=True).detach()).masked_fill(future, -torch.inf).exp()
        total = powers.sum(dim=-1, keepdim=True)
        weights = powers / (total.detach() if self.mistake == "scores" else total)
        return attention.output((weights @ values).transpose(1, 2).flatten(-2))

    def fed_forward(self, x: Tensor) -> Tensor:
        """The feed-forward sublayer."""
        parts = self.parts.feed_forward
        inner = parts.inner(self.normalised(x, self.parts.feed_forward_norm))
        outer = F.gelu(inner, approximate="tanh")
        if self.mistake == "gelu":
            outer = inner + (outer - inner).detach()
        return parts.output(outer)


def make_model(vocab_size: int, mistake: str, seed: int) -> GPT:
    """A GPT of two layers."""
    sizes = {"context_length": WINDOW, "d_model": 32, "num_layers": 2, "num_heads": 2, "d_ff": 64}
    model = GPT(GPTConfig(vocab_size=vocab_size, tie_embeddings=False, **sizes), seed=seed)
    if mistake == "frozen":
        model.layers.requires_grad_(False)
    model.layers = nn.ModuleList(MistakenLayer(layer, mistake) for layer in model.layers)
    return model


def gradient(mistake: str, model_of: Callable[..., GPT], windows: Tensor) -> Tensor:
    """All gradients of a new model, one after another; a parameter that gets none has zeros."""
    model = model_of(mistake, seed=0)
    cross_entropy(model(windows[:, :-1]), windows[:, 1:]).backward()
    each = [torch.zeros_like(p) if p.grad is None else p.grad for p in model.parameters()]
    return torch.cat([gradient.flatten() for gradient in each])


def final_loss(
    model_of: Callable[..., GPT], stream: Tensor, held_out: Tensor, *, rate: float, num_steps: int, seed: int
) -> float:
    """Train a new model, and measure its loss on held-out windows, in nats per letter; infinite if it diverges."""
    model = model_of(seed=seed)
    batches = next_token_batches(
        stream, batch_size=BATCH_SIZE, context_length=WINDOW, generator=torch.Generator().manual_seed(seed)
    )
    schedule = warmup_cosine(rate, num_steps=num_steps, warmup_steps=num_steps // 10)
    config = TrainingConfig(num_steps=num_steps)
    try:
        train(model, fused_adamw(model, rate, weight_decay=0.0), batches, schedule, config, progress=False)
    except DivergenceError:
        return math.inf
    with torch.no_grad():
        return cross_entropy(model(held_out[:, :-1]), held_out[:, 1:]).item()


def run(
    seeds: tuple[int, ...] = SEEDS,
    rates: tuple[float, ...] = RATES,
    num_steps: int = NUM_STEPS,
    num_stories: int = NUM_STORIES,
) -> dict[str, Any]:
    """Train with each mistake, and compare its first gradient with the right one."""
    texts = ["\n".join(StoryWorld().texts(num, seed=seed)) for seed, num in enumerate((num_stories, 100, 100))]
    letters = sorted(set("".join(texts)))
    stream, *others = (torch.tensor([letters.index(letter) for letter in text]) for text in texts)
    held_out = [other.unfold(0, WINDOW + 1, WINDOW)[:400] for other in others]
    counts = torch.bincount(stream, minlength=len(letters)).double()
    pairs = torch.full((len(letters), len(letters)), 0.01).double()
    pairs.index_put_((stream[:-1], stream[1:]), torch.ones(len(stream) - 1).double(), accumulate=True)
    before, after = held_out[1][:, :-1].flatten(), held_out[1][:, 1:].flatten()

    model_of = partial(make_model, len(letters))
    first = stream.unfold(0, WINDOW + 1, WINDOW)[:16]
    right = gradient("none", model_of, first)
    mistakes = {}
    for mistake, name in MISTAKES.items():
        wrong = gradient(mistake, model_of, first)
        fit = partial(final_loss, partial(model_of, mistake), stream, num_steps=num_steps)
        rate = min(rates, key=lambda rate, fit=fit: fit(held_out[0], rate=rate, seed=TUNING_SEED))
        mistakes[mistake] = {
            "name": name,
            "rate": rate,
            "losses": [round(fit(held_out[1], rate=rate, seed=seed), 4) for seed in seeds],
            "relative_error": ((wrong - right).norm() / right.norm()).item(),
            "cosine": F.cosine_similarity(wrong, right, dim=0).item(),
        }
    return {
        "mistakes": mistakes,
        "letters": len(letters),
        "single_letters": cross_entropy((counts + 0.01).log().expand(len(after), -1), after).item(),
        "pairs_of_letters": cross_entropy(pairs.log()[before], after).item(),
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
