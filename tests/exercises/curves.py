"""Make the loss curves of the written question of the assignment `training`: six runs, five with a fault each.

Run ``python -m tests.exercises.curves`` to print what stands in the notebook.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lmkit.storyworld import StoryWorld

CONTEXT, BATCH, STEPS, POINTS = 8, 64, 400, 40
Data = tuple[Tensor, Tensor]


class LetterModel(nn.Module):
    """Predict the next of `num_letters` letters from those before it (Bengio et al. 2003)."""

    def __init__(self, num_letters: int, context: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(num_letters, 16)
        self.hidden, self.out = nn.Linear(16 * context, 128), nn.Linear(128, num_letters)

    def forward(self, letters: Tensor) -> Tensor:
        return self.out(torch.tanh(self.hidden(self.embedding(letters).flatten(1))))


def windows(text: str, alphabet: str, *, leak: bool = False) -> Data:
    """Cut a text into inputs of some letters and the letter to predict; a leak gives that letter away."""
    ids = torch.tensor([alphabet.index(letter) for letter in text])
    cut = ids.unfold(0, CONTEXT + 1, 1)
    return (cut if leak else cut[:, :-1]), cut[:, -1]


def train(seen: Data, held_out: Data, num_letters: int, *, lr: float = 3e-3, shuffled=True) -> list[list[float]]:
    """Train for 400 steps; return the loss in training and on held-out windows, in nats, every ten steps."""
    generator = torch.Generator().manual_seed(0)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = LetterModel(num_letters, seen[0].shape[1])
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    curves: list[list[float]] = [[], []]
    recent = []
    for step in range(STEPS):
        first = step * BATCH
        rows = torch.randint(len(seen[0]), (BATCH,), generator=generator)
        rows = rows if shuffled else torch.arange(first, first + BATCH) % len(seen[0])
        loss = cross_entropy(model(seen[0][rows]), seen[1][rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        recent.append(loss.item())
        if len(recent) == STEPS // POINTS:
            with torch.no_grad():
                curves[1].append(round(cross_entropy(model(held_out[0]), held_out[1]).item(), 2))
            curves[0].append(round(sum(recent) / len(recent), 2))
            recent = []
    return curves


def all_curves() -> dict[str, list[list[float]]]:
    """Return the six pairs of curves by the letter of their plot."""
    told = list(StoryWorld().stories(200, seed=0))
    text = " ".join(story.text for story in told)
    chinese = "".join(story.text_zh for story in told)
    alphabet = "".join(sorted(set(text + chinese)))
    seen, held_out = windows(text[:40000], alphabet), windows(text[50000:51000], alphabet)
    blocks = [text[:3000], chinese[:3000]]
    sorted_text = windows("".join(blocks), alphabet)
    mixed = windows(text[50000:50500] + chinese[10000:10500], alphabet)
    few = windows(text[:600], alphabet)
    leaks = [windows(part, alphabet, leak=True) for part in (text[:40000], text[50000:51000])]
    n = len(alphabet)
    return {
        "A": train(sorted_text, mixed, n, shuffled=False),
        "B": train(seen, held_out, n),
        "C": train(leaks[0], leaks[1], n),
        "D": train(seen, held_out, n, lr=0.1),
        "E": train(few, held_out, n),
        "F": train(seen, held_out, n, lr=2e-5),
    }


if __name__ == "__main__":
    for name, (seen, held_out) in all_curves().items():
        print(f'    "{name}": ({seen}, {held_out}),')
