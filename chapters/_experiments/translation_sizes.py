"""Translating short sentences: a dictionary and a network, by data and steps.

Both learn from the same pairs of sentences, and are tested on sentences of
other stories that are not among them. The network is trained for few steps and
for more.
"""

from collections.abc import Sequence
from typing import Any

import torch

from lmkit.book import save_experiment
from lmkit.data import seq2seq_batches
from lmkit.evaluation import bleu
from lmkit.evaluation.baselines import WordTranslation
from lmkit.models import EncoderDecoder, EncoderDecoderConfig, load_tokenizer
from lmkit.recipes import translate
from lmkit.storyworld import StoryWorld
from lmkit.tasks import TextToText
from lmkit.training import (
    TrainingConfig,
    fused_adamw,
    sequence_to_sequence_objective,
    train,
    warmup_cosine,
)

Pairs = list[tuple[str, str]]
REDUCED = {"sizes": (20,), "steps": (3,), "seeds": (0,), "num_stories": 30}


def sentence_pairs(num_stories: int, seed: int) -> Pairs:
    """English and Chinese sentences of under ten words, each once."""
    stories = StoryWorld().stories(num_stories, seed)
    pairs = (pair for story in stories for pair in story.sentence_pairs)
    return list(dict.fromkeys(p for p in pairs if len(p[0].split()) < 10))


def train_network(pairs: Pairs, num_steps: int, seed: int) -> EncoderDecoder:
    """Train a small encoder-decoder on pairs of sentences."""
    tokenizer = load_tokenizer("storyworld-translation")
    end_id, pad_id = (tokenizer.special_id(t) for t in ("</s>", "<pad>"))
    sizes = {"context_length": 64, "d_model": 64, "num_layers": 1}
    config = EncoderDecoderConfig(vocab_size=tokenizer.vocab_size, num_heads=4, **sizes)
    network, rate = EncoderDecoder(config, seed=seed), 5e-3
    batches = seq2seq_batches(
        [tuple(tokenizer.encode_batch(pair)) for pair in pairs],
        batch_size=32,
        start_id=pad_id,
        end_id=end_id,
        pad_id=pad_id,
        generator=torch.Generator().manual_seed(seed),
        num_epochs=None,
    )
    train(
        network,
        fused_adamw(network, rate),
        batches,
        warmup_cosine(rate, num_steps=num_steps, warmup_steps=num_steps // 10),
        TrainingConfig(num_steps=num_steps),
        objective=sequence_to_sequence_objective,
        progress=False,
    )
    return network.eval()


def run(
    sizes: Sequence[int] = (50, 500, 4775),
    steps: Sequence[int] = (200, 1000),
    seeds: Sequence[int] = (0, 1, 2),
    num_stories: int = 2000,
) -> list[dict[str, Any]]:
    """Measure BLEU (characters) for every number of sentences and steps."""
    tokenizer = load_tokenizer("storyworld-translation")
    known = sentence_pairs(num_stories, seed=0)
    unseen = set(known)
    held_out = [p for p in sentence_pairs(60, seed=5) if p not in unseen][:150]
    sources, targets = (list(column) for column in zip(*held_out, strict=True))

    def score(texts: Sequence[str]) -> float:
        right = [[target] for target in targets]
        return round(bleu(list(texts), right, tokenizer="zh").score, 2)

    results = []
    for size in sizes:
        pairs = known[:size]
        examples = [TextToText(source=s, target=t) for s, t in pairs]
        words = WordTranslation(tokenizer).fit(examples).predict(sources)
        network = []
        for num_steps in steps:
            models = [train_network(pairs, num_steps, seed) for seed in seeds]
            bleus = [score(translate(m, tokenizer, sources, batch_size=150)) for m in models]
            network.append({"steps": num_steps, "bleu": bleus})
        results.append(
            {
                "sentences": len(pairs),
                "dictionary": score(words),
                "network": network,
            }
        )
    return results


if __name__ == "__main__":
    save_experiment(__file__, run)
