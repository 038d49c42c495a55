"""Every way of decoding over its own parameter: valid stories, distinct phrases, repetition and probability.

A prompt is the first sentence of a story that nobody was trained on. Each method continues each prompt once with the
shipped GPT; the world itself continues it as the reference. The world's grammar judges the whole text.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import torch

from lmkit.book import save_experiment
from lmkit.data import END_OF_TEXT
from lmkit.evaluation import write_answers
from lmkit.functional import target_log_probs
from lmkit.generation import (
    ChooseNext,
    beam_search,
    contrastive_search,
    greedy,
    min_p,
    repetition_penalty,
    stop_at,
    temperature,
    top_k,
    top_p,
)
from lmkit.models import load_pretrained, load_tokenizer
from lmkit.storyworld import StoryWorld, join_words, words

WORLD = StoryWorld()
MODEL, TOKENIZER = load_pretrained("storyworld-gpt"), load_tokenizer("storyworld-gpt")
END_ID = TOKENIZER.special_id(END_OF_TEXT)
LONGEST = 150  # new tokens; a story of the world has at most about 100 words

Write = Callable[[list[str], int], list[str]]
"""``write(prompts, seed) -> texts``, each of which begins with its prompt."""


# Writers


def sampled(choose_next: ChooseNext) -> Write:
    """Choose token by token."""

    def write(prompts: list[str], seed: int) -> list[str]:
        tails = write_answers(
            MODEL,
            TOKENIZER,
            prompts,
            end_of_text_id=END_ID,
            max_new_tokens=LONGEST,
            choose_next=choose_next,
            generator=torch.Generator().manual_seed(seed),
            batch_size=len(prompts),
        )
        return [prompt + tail for prompt, tail in zip(prompts, tails, strict=True)]

    return write


def penalised(penalty: float) -> Write:
    """Greedy decoding with a repetition penalty."""
    return sampled(repetition_penalty(penalty, then=greedy))


def searched(search: Callable[[torch.Tensor], list[list[int]]]) -> Write:
    """Search for the whole continuation; prompts of equal length are searched together."""

    def write(prompts: list[str], seed: int) -> list[str]:
        by_length = defaultdict(list)
        for prompt in prompts:
            ids = [END_ID, *TOKENIZER.encode(prompt)]
            by_length[len(ids)].append((prompt, ids))
        told = {}
        for rows in by_length.values():
            found = search(torch.tensor([ids for _, ids in rows]))
            for (prompt, _), new_ids in zip(rows, found, strict=True):
                end = new_ids.index(END_ID) if END_ID in new_ids else len(new_ids)
                told[prompt] = prompt + TOKENIZER.decode(new_ids[:end])
        return [told[prompt] for prompt in prompts]

    return write


def beam(num_beams: int) -> Write:
    """The text of beam search with the highest mean log-probability per token."""

    def search(prompt_ids: torch.Tensor) -> list[list[int]]:
        rows = beam_search(MODEL, prompt_ids, max_new_tokens=LONGEST, num_beams=num_beams, stop_id=END_ID)
        return [texts[0].new_ids for texts in rows]

    return searched(search)


def contrastive(alpha: float) -> Write:
    """Contrastive search among four candidates."""

    def search(prompt_ids: torch.Tensor) -> list[list[int]]:
        stop = stop_at(END_ID)
        rows = contrastive_search(MODEL, prompt_ids, max_new_tokens=LONGEST, k=4, alpha=alpha, stop=stop)
        return rows[:, prompt_ids.shape[1] :].tolist()

    return searched(search)


def world(prompts: list[str], seed: int) -> list[str]:
    """Draw every word from the world's own distribution."""
    source, texts = random.Random(seed), []
    for prompt in prompts:
        told, reader = words(prompt), WORLD.reader()
        for word in told:
            reader.read(word)
        while options := reader.distribution():
            (word,) = source.choices(list(options), weights=list(options.values()))
            reader.read(word)
            told.append(word)
        texts.append(join_words(told[:-1]))
    return texts


WRITERS: dict[str, Callable[[Any], Write]] = {
    "temperature": lambda value: sampled(temperature(value)),
    "top-k": lambda value: sampled(top_k(value)),
    "top-p": lambda value: sampled(top_p(value)),
    "min-p": lambda value: sampled(min_p(value)),
    "beam": beam,
    "contrastive": contrastive,
    "penalty": penalised,
    "greedy": lambda value: sampled(greedy),
    "world": lambda value: world,
}


# Measures


def world_nats(text: str, prompt: str) -> float | None:
    """Nats of the continuation in the world's own distribution; ``None`` if the text is no story."""
    told, start = [*words(text), ""], len(words(prompt))
    if join_words(told[:-1]) != text:
        return None
    reader, nats = WORLD.reader(), 0.0
    for position, word in enumerate(told):
        probability = reader.read(word)
        if probability == 0:
            return None
        if position >= start:
            nats -= math.log(probability)
    return nats


@torch.no_grad()
def model_nats(text: str, prompt: str) -> float:
    """Nats per token of the continuation in the GPT's distribution, at temperature 1 with nothing cut."""
    ids = torch.tensor([[END_ID, *TOKENIZER.encode(text), END_ID]])
    start = len(TOKENIZER.encode(prompt))
    return -target_log_probs(MODEL(ids[:, :-1]), ids[:, 1:])[0, start:].mean().item()


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [sentence.strip() for sentence in text.replace("!", ".").split(".") if sentence.strip()]


def distinct(tails: list[str], num_runs: int) -> float:
    """Of the first runs of four words, the share that are different from each other."""
    runs = [run for tail in tails for run in zip(*(words(tail)[start:] for start in range(4)), strict=False)]
    return len(set(runs[:num_runs])) / len(runs[:num_runs])


def measure(write: Write, seed: int, num_prompts: int, num_runs: int) -> dict[str, Any]:
    """Let a writer continue prompts, and judge."""
    prompts = list(dict.fromkeys(story.sentences[0] for story in WORLD.stories(2 * num_prompts, seed=seed)))
    prompts = prompts[:num_prompts]
    texts = write(prompts, seed)
    judged = [world_nats(text, prompt) for text, prompt in zip(texts, prompts, strict=True)]
    tails = [text[len(prompt) :] for text, prompt in zip(texts, prompts, strict=True)]
    lengths = [len(words(tail)) for tail in tails]
    return {
        "seed": seed,
        "valid": [int(nats is not None) for nats in judged],
        "distinct": round(distinct(tails, num_runs), 4),
        "repeats": sum(len(set(sentences(text))) < len(sentences(text)) for text in texts),
        "model_nats_per_token": [
            round(model_nats(text, prompt), 3) for text, prompt in zip(texts, prompts, strict=True)
        ],
        "world_nats_of_valid": round(sum(nats for nats in judged if nats is not None), 2),
        "words_of_valid": sum(n for n, nats in zip(lengths, judged, strict=True) if nats is not None),
        "words": lengths,
    }


REDUCED = {"seeds": (0,), "num_prompts": 3, "num_runs": 20, "settings": (("world", 1), ("beam", 2), ("top-k", 5))}


def run(
    seeds: tuple[int, ...] = (300, 301),
    num_prompts: int = 60,
    num_runs: int = 1500,
    settings: tuple[tuple[str, float], ...] = (
        ("world", 1),
        ("greedy", 1),
        *(("temperature", tau) for tau in (0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.4)),
        *(("top-k", k) for k in (2, 5, 10, 20, 50, 100)),
        *(("top-p", p) for p in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)),
        *(("min-p", p) for p in (0.5, 0.3, 0.1, 0.05, 0.02, 0.01)),
        *(("beam", width) for width in (2, 4, 8)),
        *(("contrastive", alpha) for alpha in (0.1, 0.2, 0.4, 0.6)),
        *(("penalty", penalty) for penalty in (1.02, 1.05, 1.1, 1.2, 1.5)),
    ),
) -> list[dict[str, Any]]:
    """Let each method write at each of its settings."""
    return [
        {
            "method": method,
            "value": value,
            "runs": [measure(WRITERS[method](value), seed, num_prompts, num_runs) for seed in seeds],
        }
        for method, value in settings
    ]


if __name__ == "__main__":
    save_experiment(__file__, run)
