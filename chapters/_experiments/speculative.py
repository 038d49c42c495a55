"""Speculative decoding with drafts of growing quality: how many are accepted, and how many calls that saves.

A small GPT drafts for the shipped one. It is trained from several seeds for few or many steps; the shipped GPT
itself is the last draft model, and a check: none of its drafts may be rejected.

Beside the counted calls are those of two simulations, which accept each draft with the chance that the formula gives
for its position: one goes through the positions in their order in the texts, the other shuffles them first.
"""

import copy
import random
from typing import Any

import torch
from torch import Tensor

from lmkit.book import save_experiment
from lmkit.data import END_OF_TEXT, encode_corpus, next_token_batches
from lmkit.functional import softmax
from lmkit.generation import accept_drafts, generate, generate_speculatively, stop_at, temperature
from lmkit.models import GPT, GPTConfig, load_pretrained, load_tokenizer
from lmkit.nn import initialise
from lmkit.storyworld import StoryWorld
from lmkit.training import TrainingConfig, fused_adamw, train, warmup_cosine

WORLD = StoryWorld()
TARGET, TOKENIZER = load_pretrained("storyworld-gpt"), load_tokenizer("storyworld-gpt")
END_ID = TOKENIZER.special_id(END_OF_TEXT)
LONGEST = 150  # new tokens


def draft_model(stream: Tensor, num_steps: int, seed: int) -> GPT:
    """A GPT of one layer and width 32, trained for some steps."""
    config = GPTConfig(
        vocab_size=TOKENIZER.vocab_size,
        context_length=TARGET.config.context_length,
        d_model=32,
        num_layers=1,
        num_heads=2,
    )
    model = GPT(config)
    initialise(model, seed=seed, std=0.125, num_residual_layers=1)
    generator = torch.Generator().manual_seed(seed)
    batches = next_token_batches(stream, batch_size=16, context_length=64, generator=generator, num_epochs=None)
    rate = 1e-2
    train(
        model,
        fused_adamw(model, rate),
        batches,
        warmup_cosine(rate, num_steps=num_steps, warmup_steps=max(1, num_steps // 10)),
        TrainingConfig(num_steps=num_steps),
        progress=False,
    )
    return model.eval()


def written(num_texts: int, seed: int) -> list[Tensor]:
    """Texts that the target writes at temperature 1, each from the end-of-text token to the next."""
    ids = torch.full((num_texts, 1), END_ID)
    generator = torch.Generator().manual_seed(seed)
    rows = generate(
        TARGET,
        ids,
        max_new_tokens=LONGEST,
        choose_next=temperature(1.0),
        generator=generator,
        stop=stop_at(END_ID),
    )
    ends = [(row[1:] == END_ID).int() for row in rows]
    return [row[: int(end.argmax()) + 1] if end.any() else row[:-1] for row, end in zip(rows, ends, strict=True)]


@torch.no_grad()
def acceptance(draft: GPT, texts: list[Tensor], seed: int) -> tuple[float, list[list[float]]]:
    """The share of drafts accepted, one at each position, and the chance of each by the formula."""
    generator, num_accepted, chances = torch.Generator().manual_seed(seed), 0, []
    for text in texts:
        p_TV, q_TV = (softmax(model(text[None])[0]) for model in (TARGET, draft))
        chances.append(torch.minimum(p_TV, q_TV).sum(dim=-1).clamp(max=1).tolist())
        drafts = torch.multinomial(q_TV, 1, generator=generator)
        for drafted, p_V, q_V in zip(drafts, p_TV, q_TV, strict=True):
            new_ids = accept_drafts(drafted, q_V[None], torch.stack([p_V, p_V]), generator)
            num_accepted += len(new_ids) - 1
    return num_accepted / sum(map(len, chances)), chances


def simulated(chances: list[list[float]], num_drafts: int, source: random.Random) -> float:
    """Tokens per call if each draft is accepted with its chance, whatever happened before; mean of 20 passes."""
    calls = 0
    for text in 20 * chances:
        place = 0
        while place < len(text):
            first, calls = place, calls + 1
            while place - first < num_drafts and place < len(text) and source.random() < text[place]:
                place += 1
            place += 1  # one more token is the target's own
    return 20 * sum(map(len, chances)) / calls


def shuffled(chances: list[list[float]], source: random.Random) -> list[list[float]]:
    """The same chances, dealt to the positions of all texts at random."""
    every = [chance for text in chances for chance in text]
    source.shuffle(every)
    dealt = iter(every)
    return [[next(dealt) for _ in text] for text in chances]


def tokens_per_call(draft: GPT, num_drafts: int, num_texts: int, seed: int) -> float:
    """New tokens for each call of the target, over whole texts."""
    count = 0

    def called(*_: Any) -> None:
        nonlocal count
        count += 1

    hook = TARGET.unembedding.register_forward_hook(called)
    generator, num_tokens = torch.Generator().manual_seed(seed), 0
    for _ in range(num_texts):
        text = generate_speculatively(
            TARGET,
            draft,
            torch.tensor([[END_ID]]),
            max_new_tokens=LONGEST,
            generator=generator,
            num_drafts=num_drafts,
            stop_id=END_ID,
        )
        num_tokens += text.shape[1] - 1
    hook.remove()
    return num_tokens / count


REDUCED = {"seeds": (0,), "steps": (2,), "lengths": (2,), "num_texts": 1, "num_written": 1, "num_stories": 100}


def run(
    seeds: tuple[int, ...] = (0, 1, 2),
    steps: tuple[int, ...] = (150, 600),
    lengths: tuple[int, ...] = (1, 4, 8),
    num_texts: int = 4,
    num_written: int = 40,
    num_stories: int = 2000,
) -> list[dict[str, Any]]:
    """Train the drafts, and let each draft for the target."""
    stream = encode_corpus(TOKENIZER, list(WORLD.texts(num_stories, seed=1)), progress=False)
    results = []
    for seed in seeds:
        drafts = {num_steps: draft_model(stream, num_steps, seed) for num_steps in steps}
        texts, source = written(num_written, seed), random.Random(seed)
        for num_steps, draft in (*drafts.items(), ("target", copy.deepcopy(TARGET))):
            accepted, chances = acceptance(draft, texts, seed)
            every = [chance for text in chances for chance in text]
            results.append(
                {
                    "draft": str(num_steps),
                    "seed": seed,
                    "positions": len(every),
                    "accepted": round(accepted, 5),
                    "overlap": round(sum(every) / len(every), 5),
                    "spread": round(sum(chance * (1 - chance) for chance in every) ** 0.5 / len(every), 6),
                    "tokens_per_call": [
                        {
                            "num_drafts": num_drafts,
                            "counted": round(tokens_per_call(draft, num_drafts, num_texts, seed), 3),
                            "in order": round(simulated(chances, num_drafts, source), 3),
                            "shuffled": round(simulated(shuffled(chances, source), num_drafts, source), 3),
                        }
                        for num_drafts in lengths
                    ],
                }
            )
    return results


if __name__ == "__main__":
    save_experiment(__file__, run)
