"""What does having read stories buy, for a task with few labelled examples?

The task is to tell how a story ends for its hero, in three equally frequent
classes. It is learned from 10 to 1,000 labelled stories in five ways: from the
counts of words; by a linear classifier of what ``storyworld-bert`` makes of a
story; by training this whole model, or low-rank updates of it; and by the same
model with random weights. Stories of at most 64 tokens keep the time short.

Each way has the best of several settings (the strength of regularisation, or
the learning rate), chosen on validation stories, for small and for large
numbers of labels, as the mean of two runs with labelled stories that are not
used again. The model with random weights gets four times as many updates, and
at one seed sixteen times as many.

Two controls: the model with its weights shuffled within each tensor, so that it
has the same numbers and has read nothing, trained as the one with random
weights; and the model that has read, with the labels of its stories shuffled.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import chain, islice
from statistics import fmean
from typing import Any

import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from lmkit.book import save_experiment
from lmkit.evaluation import bootstrap_interval
from lmkit.evaluation.baselines import bag_of_words
from lmkit.finetuning import Method, encode, mean_pool, real_tokens
from lmkit.models import load_pretrained, load_tokenizer
from lmkit.recipes import TASK_RECIPES, learn
from lmkit.tasks import LabelledText, classification_batches, standard_format

MODEL = "storyworld-bert"
RECIPE = TASK_RECIPES["sentiment"]
TASK = RECIPE.make_task(num_train=0, num_validation=0, num_test=0)  # for its labels
MAX_TOKENS = 64
Examples = tuple[LabelledText, ...]
Way = Callable[[float, Examples, Examples, int], Sequence[str]]


def short_stories(num_train: int, num_validation: int, num_test: int) -> tuple[Examples, ...]:
    """Stories of at most 64 tokens whose classes alternate; no story is in two of the three parts."""
    tokenizer = load_tokenizer(MODEL)
    sizes = (num_train, num_validation, num_test)
    train, validation, test = (5 * size + 200 for size in sizes)  # a third is short, and happy ends are longer
    task = RECIPE.make_task(num_train=train, num_validation=validation, num_test=test, seed=7)

    def short(examples: Examples, count: int) -> Examples:
        fitting = [each for each in examples if len(tokenizer.encode(each.text)) <= MAX_TOKENS]
        classes = [[each for each in fitting if each.label == label] for label in task.labels]
        chosen = tuple(islice(chain.from_iterable(zip(*classes, strict=False)), count))
        assert len(chosen) == count, f"only {len(chosen)} of {count} short stories"
        return chosen

    return tuple(short(part, size) for part, size in zip((task.train, task.validation, task.test), sizes, strict=True))


def texts_and_labels(examples: Examples) -> tuple[list[str], list[str]]:
    """Two columns."""
    return [each.text for each in examples], [each.label for each in examples]


def by_words(strength: float, examples: Examples, asked: Examples, seed: int) -> Sequence[str]:
    """Logistic regression on the counts of words."""
    model = bag_of_words().set_params(logisticregression__C=strength)
    return model.fit(*texts_and_labels(examples)).predict(texts_and_labels(asked)[0]).tolist()


@cache
@torch.no_grad()
def features(examples: Examples) -> torch.Tensor:
    """The mean of the hidden states of each text."""
    model, input_format = load_pretrained(MODEL), standard_format(load_tokenizer(MODEL), MAX_TOKENS + 2)
    batches = classification_batches(examples, TASK.labels, input_format, batch_size=32)
    return torch.cat([mean_pool(encode(model, batch), real_tokens(batch)) for batch in batches])


def by_probe(strength: float, examples: Examples, asked: Examples, seed: int) -> Sequence[str]:
    """Logistic regression on the hidden states of the frozen model."""
    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit(features(examples).numpy(), texts_and_labels(examples)[1])
    return model.predict(features(asked).numpy()).tolist()


def shuffle_weights(model: nn.Module, seed: int) -> None:
    """Give each tensor its own numbers in another order."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(weight.flatten()[torch.randperm(weight.numel(), generator=generator)].view_as(weight))


def by_training(
    rate: float,
    examples: Examples,
    asked: Examples,
    seed: int,
    *,
    method: Method = "full",
    start: str = "read",
    longer: int = 1,
    updates: float = 4.0,
) -> Sequence[str]:
    """Train a model for a number of updates that grows with the root of the number of examples."""
    base = load_pretrained(MODEL)
    if start == "random":
        base = type(base)(base.config, seed=seed)
    if start == "shuffled":
        shuffle_weights(base, seed)
    learner = RECIPE.make_learner(base, load_tokenizer(MODEL), TASK)
    num_steps = longer * max(1, round(updates * len(examples) ** 0.5))
    config = RECIPE.config(method=method, num_steps=num_steps, batch_size=8, learning_rate=rate, seed=seed)
    learn(learner, examples, config, progress=False)
    return learner.answer(asked)


SETTINGS = {
    "bag of words": (1.0, 10.0, 100.0),
    "from scratch": (5e-5, 1e-4, 2e-4, 4e-4, 8e-4),
    "linear probe": (1.0, 10.0, 100.0, 1e3, 1e4),
    "LoRA": (1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2),
    "full": (5e-4, 1e-3, 2e-3),
}
REDUCED: dict[str, Any] = {
    "sizes": (6, 12),
    "tuned_at": (6, 12),
    "tuning_seeds": (1,),
    "seeds": (0,),
    "num_test": 6,
    "num_validation": 6,
    "updates": 0.3,
    "control_size": 6,
    "longer_at": (6,),
}


def run(
    sizes: Sequence[int] = (10, 30, 100, 300, 1000),
    tuned_at: Sequence[int] = (100, 300),
    tuning_seeds: Sequence[int] = (5, 6),
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    num_test: int = 240,
    num_validation: int = 150,
    updates: float = 4.0,
    control_size: int = 300,
    longer_at: Sequence[int] = (100, 1000),
) -> dict[str, Any]:
    """Choose the settings, and learn in each way from each number of examples and every seed."""
    largest = max(sizes)
    labelled, validation, test = short_stories((max(*seeds, *tuning_seeds) + 1) * largest, num_validation, num_test)
    train = partial(by_training, updates=updates)
    ways: dict[str, Way] = {
        "bag of words": by_words,
        "from scratch": partial(train, start="random", longer=4),
        "linear probe": by_probe,
        "LoRA": partial(train, method="lora"),
        "full": train,
    }

    def examples(seed: int, size: int) -> Examples:
        return labelled[seed * largest :][:size]

    def hits(way: Way, setting: float, shown: Examples, asked: Examples, seed: int) -> list[float]:
        return RECIPE.score(way(setting, shown, asked, seed), asked)

    def tried(way: Way, setting: float, size: int) -> float:
        return fmean(fmean(hits(way, setting, examples(seed, size), validation, seed)) for seed in tuning_seeds)

    tuning = {
        name: [[tried(way, setting, size) for setting in SETTINGS[name]] for size in tuned_at]
        for name, way in ways.items()
    }

    def chosen(name: str, size: int) -> float:
        scores = tuning[name][0 if size <= tuned_at[0] else 1]
        return SETTINGS[name][scores.index(max(scores))]

    accuracy: dict[str, list[list[float]]] = {}
    intervals: dict[str, list[list[float]]] = {}
    for name, way in ways.items():
        accuracy[name], intervals[name] = [], []
        for size in sizes:
            rows = [hits(way, chosen(name, size), examples(seed, size), test, seed) for seed in seeds]
            accuracy[name].append([fmean(row) for row in rows])
            of_each = [fmean(column) for column in zip(*rows, strict=True)]  # over the seeds
            interval = bootstrap_interval(of_each, generator=torch.Generator().manual_seed(0))
            intervals[name].append([interval.low, interval.high])

    def relabelled(shown: Examples, seed: int) -> Examples:
        order = torch.randperm(len(shown), generator=torch.Generator().manual_seed(seed)).tolist()
        return tuple(replace(each, label=shown[other].label) for each, other in zip(shown, order, strict=True))

    control = [(examples(seed, control_size), seed) for seed in seeds]
    shuffled = partial(train, start="shuffled", longer=4)
    slow, fast = chosen("from scratch", control_size), chosen("full", control_size)
    much_longer, seed = partial(train, start="random", longer=16), seeds[0]
    return {
        "grids": SETTINGS,
        "settings": {name: [chosen(name, size) for size in tuned_at] for name in ways},
        "tuning": tuning,
        "accuracy": accuracy,
        "intervals": intervals,
        "shuffled weights": [fmean(hits(shuffled, slow, shown, test, seed)) for shown, seed in control],
        "shuffled labels": [fmean(hits(train, fast, relabelled(shown, seed), test, seed)) for shown, seed in control],
        "from scratch, longer": [
            fmean(hits(much_longer, chosen("from scratch", size), examples(seed, size), test, seed))
            for size in longer_at
        ],
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
