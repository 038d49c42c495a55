"""Texts with facts that cannot be, from networks that have read few stories or many.

The same small GPT is trained on more and more stories of a small world, several
times for each number. For each number of stories the length of training is tuned
on other stories, with a seed that is not used again: longer and longer runs, until
the loss gets worse. Then each model writes stories from nothing, at temperature 1,
and the judge of the world reads them up to the first fault: is the faulty sentence
none of the world's, or only impossible *here*, because of what was told before?
Counted is at each sentence, since a later one has more to contradict.

Control: sentences of other stories, each at its position, which are fluent and know
no facts.
"""

import random
from collections.abc import Sequence
from typing import Any

import torch

from lmkit.book import save_experiment
from lmkit.data import document_batches
from lmkit.generation import generate, stop_at, temperature
from lmkit.models import GPT, GPTConfig
from lmkit.nn import initialise
from lmkit.storyworld import StoryWorld, StoryWorldConfig, join_words, words
from lmkit.training import TrainingConfig, evaluate_loss, fused_adamw, train, warmup_cosine

WORLD = StoryWorld(
    StoryWorldConfig(
        num_people=12,
        num_occupations=4,
        num_things=6,
        num_adjectives=3,
        num_places=4,
        num_details=3,
        num_paraphrases=2,
        events=(1, 1),
        distance=(0, 1),
    )
)
VOCABULARY = ["", *WORLD.vocabulary]  # the empty word begins and ends a story
IDS = {word: number for number, word in enumerate(VOCABULARY)}
WIDTH, LAYERS, HEADS, LONGEST = 64, 2, 4, 96
RATE, START, TOKENS_PER_BATCH = 5e-3, 0.125, 1024
TUNING_SEED = 100
VERDICTS = ("story", "contradiction", "ungrammatical", "unfinished")
SENTENCES = 12  # counted one by one, longer texts with the last


def encode(texts: Sequence[str]) -> list[list[int]]:
    """Word ids of each text."""
    return [[IDS[word] for word in words(text)] for text in texts]


def fit(documents: list[list[int]], seed: int, steps: int) -> GPT:
    """Train a network on one story per row."""
    model = GPT(
        GPTConfig(vocab_size=len(VOCABULARY), context_length=LONGEST, d_model=WIDTH, num_layers=LAYERS, num_heads=HEADS)
    )
    initialise(model, seed=seed, std=START, num_residual_layers=LAYERS)
    batches = document_batches(
        documents,
        tokens_per_batch=TOKENS_PER_BATCH,
        end_of_text_id=0,
        generator=torch.Generator().manual_seed(seed),
        num_epochs=None,
    )
    schedule = warmup_cosine(RATE, num_steps=steps, warmup_steps=max(1, steps // 10))
    train(model, fused_adamw(model, RATE), batches, schedule, TrainingConfig(num_steps=steps), progress=False)
    return model.eval()


def told_by_model(model: GPT, count: int, seed: int) -> list[str]:
    """Stories of a model."""
    rows = generate(
        model,
        torch.zeros(count, 1, dtype=torch.long),
        max_new_tokens=LONGEST,
        choose_next=temperature(1.0),
        generator=torch.Generator().manual_seed(seed),
        stop=stop_at(0),
    )[:, 1:].tolist()
    return [join_words([VOCABULARY[word] for word in row[: row.index(0) if 0 in row else None]]) for row in rows]


def told_by_chance(count: int, seed: int) -> list[str]:
    """Sentences of other stories, each from the same position as there; the last is a last one."""
    source = random.Random(seed)
    stories = [story.sentences for story in WORLD.stories(2000, seed=4)]
    texts = []
    for _ in range(count):
        length = len(source.choice(stories))
        middle = [source.choice([s for s in stories if len(s) > n + 1])[n] for n in range(length - 1)]
        texts.append(" ".join([*middle, source.choice(stories)[-1]]))
    return texts


def judge(texts: Sequence[str]) -> dict[str, Any]:
    """How many texts are of each kind; and of each sentence, how many were read and found faulty.

    Returns:
        Counts of the verdicts, and under ``read``, ``false`` and ``broken`` one count per
        sentence, from the first to the ``SENTENCES``-th and all after it. A text is read
        up to its first fault.
    """
    counts = dict.fromkeys(VERDICTS, 0)
    places = {name: [0] * SENTENCES for name in ("read", "false", "broken")}
    faults = {"contradiction": "false", "ungrammatical": "broken"}
    for text in texts:
        judged = WORLD.parse(text)
        counts[judged.verdict] += 1
        sound = sum(word in ".!" for word in words(text)[: judged.position])
        for place in range(sound + (judged.verdict in faults)):
            places["read"][min(place, SENTENCES - 1)] += 1
        if judged.verdict in faults:
            places[faults[judged.verdict]][min(sound, SENTENCES - 1)] += 1
    return {**counts, **places}


def tune(documents: list[list[int]], held_out: list[Any], steps: Sequence[int]) -> list[tuple[int, float]]:
    """Try longer and longer runs, until the loss on other stories gets worse."""
    trials: list[tuple[int, float]] = []
    for number in steps:
        loss = evaluate_loss(fit(documents, TUNING_SEED, number), held_out)
        trials.append((number, round(loss, 4)))
        if loss > min(best for _, best in trials) + 1e-4:
            break
    return trials


REDUCED = {"sizes": (20, 40), "seeds": (0,), "steps": (2, 4), "num_texts": 4, "num_others": 10}


def run(
    sizes: Sequence[int] = (100, 800, 6400),
    seeds: Sequence[int] = (0, 1, 2),
    steps: Sequence[int] = (50, 150, 500, 1500, 4500),
    num_texts: int = 400,
    num_others: int = 300,
) -> dict[str, Any]:
    """Train on each number of stories, and count."""
    texts = list(WORLD.texts(max(sizes), seed=1))
    others = list(WORLD.texts(num_others, seed=2))
    held_out = list(document_batches(encode(others), tokens_per_batch=4096, end_of_text_id=0))
    rows = []
    for size in sizes:
        documents = encode(texts[:size])
        trials = tune(documents, held_out, steps)
        best = min(trials, key=lambda trial: trial[1])[0]
        models = [fit(documents, seed, best) for seed in seeds]
        rows.append(
            {
                "stories": size,
                "trials": trials,
                "steps": best,
                "losses": [round(evaluate_loss(model, held_out), 4) for model in models],
                "judged": [
                    judge(told_by_model(model, num_texts, seed)) for model, seed in zip(models, seeds, strict=True)
                ],
            }
        )
    entropy = WORLD.entropy()
    return {
        "entropy": round(entropy.nats_per_story / (entropy.words_per_story + 1), 4),
        "words_per_story": round(entropy.words_per_story, 1),
        "chance": [judge(told_by_chance(num_texts, seed)) for seed in seeds],
        "sizes": rows,
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
