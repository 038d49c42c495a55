"""Word vectors from stories: skip-gram and GloVe beside counts with PMI and SVD.

All methods read the same stories with the same window and make vectors of the
same width. Each has three settings; the best one is chosen on other stories.
The world's lexicon says which words are of one kind, and which names, things,
places and occupations belong together within a kind.
"""

import itertools
import math
import time
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize

from lmkit.book import save_experiment
from lmkit.models import (
    GloVe,
    SkipGram,
    cooccurrence_counts,
    glove_loss,
    negative_sampling_loss,
    noise_distribution,
    skip_gram_pairs,
)
from lmkit.storyworld import StoryWorld, words

WIDTH, WINDOW, NEGATIVES, NEIGHBOURS = 32, 2, 5, 5
NUM_STORIES = 1000
SEEDS = (0, 1, 2, 3, 4)
TUNING_SEED = 100
SPLIT_KINDS = ("PERSON", "THING", "PLACE", "OCCUPATION")


def read_stories(num_stories: int, seed: int) -> tuple[Tensor, list[str], dict[str, tuple[str, str]]]:
    """The stories as token ids, the vocabulary, and the kind of each known word, coarse and fine."""
    stories = [*StoryWorld().stories(num_stories, seed=seed)]
    text = [word for story in stories for word in [*words(story.text), ""]]
    vocab = sorted(set(text))
    kinds: dict[str, tuple[str, str]] = {}
    for story in stories:
        for entity in story.cast.values():
            if entity.label == "SPOT" or entity.kind in ("topic", "sky") or entity.key in ("he", "she"):
                continue
            coarse = entity.label if entity.label in SPLIT_KINDS else entity.kind
            kinds[entity.key] = (coarse, f"{coarse} {entity.kind}")
    index = {word: number for number, word in enumerate(vocab)}
    kinds = {word: kinds[word] for word in vocab if word in kinds}
    return torch.tensor([index[word] for word in text]), vocab, kinds


def skip_gram_vectors(stream: Tensor, vocab_size: int, *, rate: float, seed: int, num_epochs: int) -> Tensor:
    """Train skip-gram with negative sampling."""
    model = SkipGram(vocab_size=vocab_size, d_model=WIDTH, seed=seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    pairs, noise = skip_gram_pairs(stream, WINDOW), noise_distribution(stream, vocab_size)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(num_epochs):
        for batch in pairs[torch.randperm(len(pairs), generator=generator)].split(2048):
            drawn = torch.multinomial(noise, len(batch) * NEGATIVES, replacement=True, generator=generator)
            scores = model(batch[:, 0], torch.cat([batch[:, 1:], drawn.view(len(batch), NEGATIVES)], dim=1))
            loss = negative_sampling_loss(scores[:, :1], scores[:, 1:])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model.centre_vectors.detach()


def glove_vectors(stream: Tensor, vocab_size: int, *, largest: float, seed: int, num_epochs: int) -> Tensor:
    """Train GloVe on the counts of the window; ten passes over them for each pass of skip-gram over the text."""
    model = GloVe(vocab_size=vocab_size, d_model=WIDTH, seed=seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    rows, columns, counts = cooccurrence_counts(stream, WINDOW)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(10 * num_epochs):
        for batch in torch.randperm(len(counts), generator=generator).split(2048):
            loss = glove_loss(model(rows[batch], columns[batch]), counts[batch], largest=largest)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model.vectors.detach()


def count_vectors(stream: Tensor, vocab_size: int, *, shift: float) -> Tensor:
    """Positive PMI minus log of the shift, then the largest singular values."""
    rows, columns, counts = cooccurrence_counts(stream, WINDOW)
    joint = torch.zeros(vocab_size, vocab_size, dtype=torch.float64)
    joint[rows, columns] = counts.double()
    expected = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0) / joint.sum()
    pmi = (joint / expected.clamp(min=1e-9)).log() - math.log(shift)
    left, values, _ = torch.linalg.svd(pmi.clamp(min=0))
    return (left[:, :WIDTH] * values[:WIDTH].sqrt()).float()


def random_vectors(stream: Tensor, vocab_size: int, *, seed: int) -> Tensor:
    """The control: vectors that know nothing."""
    return torch.randn(vocab_size, WIDTH, generator=torch.Generator().manual_seed(seed))


METHODS: dict[str, tuple[Any, str, tuple[float, ...]]] = {
    "skip-gram": (skip_gram_vectors, "rate", (0.002, 0.005, 0.02)),
    "GloVe": (glove_vectors, "largest", (100.0, 1000.0, 10000.0)),
    "PMI + SVD": (count_vectors, "shift", (1.0, 2.0, 5.0)),
}


def neighbour_shares(vectors: Tensor, vocab: list[str], kinds: dict[str, tuple[str, str]]) -> dict[str, float]:
    """How often a neighbour is of the same kind: of all words, and of the same fine kind among words of one kind."""
    unit = normalize(vectors, dim=1)
    of = {word: number for number, word in enumerate(vocab)}
    coarse, fine = [], []
    for word, (kind, exact) in kinds.items():
        similar = unit @ unit[of[word]]
        similar[of[word]] = -2
        near = [vocab[number] for number in similar.topk(NEIGHBOURS).indices]
        coarse += [kinds.get(other, ("", ""))[0] == kind for other in near]
        if kind in SPLIT_KINDS:
            same = [other for other in kinds if other != word and kinds[other][0] == kind]
            best = similar[[of[other] for other in same]].topk(NEIGHBOURS).indices.tolist()
            fine += [kinds[same[number]][1] == exact for number in best]
    return {"kind": sum(coarse) / len(coarse), "fine_kind": sum(fine) / len(fine)}


def chance_shares(vocab: list[str], kinds: dict[str, tuple[str, str]]) -> dict[str, float]:
    """The same for neighbours drawn at random."""
    coarse, fine = [], []
    for word, (kind, exact) in kinds.items():
        same = [other for other in kinds if other != word and kinds[other][0] == kind]
        coarse.append(len(same) / (len(vocab) - 1))
        if kind in SPLIT_KINDS:
            fine.append(sum(kinds[other][1] == exact for other in same) / len(same))
    return {"kind": sum(coarse) / len(coarse), "fine_kind": sum(fine) / len(fine)}


def questions(vocab: list[str], kinds: dict[str, tuple[str, str]]) -> dict[str, list[tuple[str, str, str, set[str]]]]:
    """Analogies "a is to b as c is to ?" with the answers that count as right."""
    names = {kind: [word for word in kinds if kinds[word][1] == f"PERSON {kind}"] for kind in ("she", "he")}
    jobs = {kind: {word for word in kinds if kinds[word][1] == f"OCCUPATION {kind}"} for kind in ("she", "he")}
    pairs = [(word, word.lower()) for word in vocab if word[:1].isupper() and word.lower() in vocab]
    both = (("she", "he"), ("he", "she"))
    return {
        "Anna : she = Tom : ?": [
            (a, one, c, {other}) for one, other in both for a, c in itertools.product(names[one][:8], names[other][:8])
        ],
        "He : he = They : ?": [(a, b, c, {d}) for (a, b), (c, d) in itertools.permutations(pairs, 2)],
        "she : baker = he : ?": [(one, job, other, jobs[other]) for one, other in both for job in sorted(jobs[one])],
    }


def answers(
    unit: Tensor, of: dict[str, int], asked: list[tuple[str, str, str, set[str]]], vocab: list[str]
) -> dict[str, float]:
    """Share of right answers: with the offset, without it, and when the words of the question are not excluded."""
    right = {"offset": 0, "near b": 0, "near c": 0, "offset, none excluded": 0, "repeats the question": 0}
    for a, b, c, correct in asked:
        va, vb, vc = unit[of[a]], unit[of[b]], unit[of[c]]
        for name, target in {"offset": vb - va + vc, "near b": vb, "near c": vc}.items():
            similar = unit @ target
            if name == "offset":
                best = vocab[int(similar.argmax())]
                right["offset, none excluded"] += best in correct
                right["repeats the question"] += best in (a, b, c)
            similar[[of[a], of[b], of[c]]] = -9
            right[name] += vocab[int(similar.argmax())] in correct
    return {name: count / len(asked) for name, count in right.items()}


def measure(vectors: Tensor, vocab: list[str], kinds: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """All scores of a set of vectors."""
    unit, of = normalize(vectors, dim=1), {word: number for number, word in enumerate(vocab)}
    asked = questions(vocab, kinds)
    return {
        "neighbours": neighbour_shares(vectors, vocab, kinds),
        "analogies": {name: answers(unit, of, cases, vocab) for name, cases in asked.items()},
    }


def make(name: str, stream: Tensor, vocab_size: int, setting: float, seed: int, num_epochs: int) -> Tensor:
    """Vectors by one method with one setting."""
    method, parameter, _ = METHODS[name]
    trained = {} if method is count_vectors else {"seed": seed, "num_epochs": num_epochs}
    return method(stream, vocab_size, **{parameter: setting}, **trained)


REDUCED = {"seeds": (0,), "num_stories": 300, "num_epochs": 1}


def run(seeds: tuple[int, ...] = SEEDS, num_stories: int = NUM_STORIES, num_epochs: int = 3) -> dict[str, Any]:
    """Choose a setting for each method, then make and measure vectors from each seed's stories."""
    stream, vocab, kinds = read_stories(num_stories, TUNING_SEED)
    tuning = {
        name: {
            str(setting): neighbour_shares(
                make(name, stream, len(vocab), setting, TUNING_SEED, num_epochs), vocab, kinds
            )["kind"]
            for setting in settings
        }
        for name, (_, _, settings) in METHODS.items()
    }
    chosen = {name: float(max(scores, key=lambda key: scores[key])) for name, scores in tuning.items()}
    results: dict[str, list[Any]] = {name: [] for name in [*METHODS, "random"]}
    chance, sizes, seconds = [], [], dict.fromkeys(METHODS, 0.0)
    for seed in seeds:
        stream, vocab, kinds = read_stories(num_stories, seed)
        chance.append(chance_shares(vocab, kinds))
        sizes.append({"tokens": len(stream), "vocabulary": len(vocab), "known": len(kinds)})
        for name in METHODS:
            start = time.process_time()
            vectors = make(name, stream, len(vocab), chosen[name], seed, num_epochs)
            seconds[name] += (time.process_time() - start) / len(seeds)
            results[name].append(measure(vectors, vocab, kinds))
        results["random"].append(measure(random_vectors(stream, len(vocab), seed=seed), vocab, kinds))
    return {
        "tuning": tuning,
        "chosen": chosen,
        "chance": chance,
        "sizes": sizes,
        "seconds": seconds,
        "results": results,
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
