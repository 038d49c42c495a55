import math
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import product

import matplotlib as mpl
import psutil
import pytest

from lmkit.finetuning import Choice, IntRange, LogUniform, search_hyperparameters

mpl.use("svg")


@dataclass(frozen=True, kw_only=True)
class Config:
    learning_rate: float = 0.1
    rank: int = 4
    method: str = "full"

    def __post_init__(self):
        if self.rank < 1:
            raise ValueError(f"rank={self.rank} must be at least 1")


SPACE = {"learning_rate": LogUniform(1e-3, 1.0, 4), "rank": IntRange(1, 3), "method": Choice(("full", "lora"))}


def score(config, report=None):
    """Best at 0.01, rank 2, lora."""
    return abs(math.log10(config.learning_rate) + 2) + abs(config.rank - 2) + (config.method == "full")


def test_a_grid_is_all_combinations_and_finds_the_best():
    found = search_hyperparameters(score, Config(), SPACE, strategy="grid")
    grid = set(product((0.001, 0.01, 0.1, 1.0), (1, 2, 3), ("full", "lora")))
    tried = {(round(trial.config.learning_rate, 9), trial.config.rank, trial.config.method) for trial in found.trials}
    assert tried == grid
    assert len(found.trials) == len(grid)
    assert all(trial.score == pytest.approx(score(trial.config)) for trial in found.trials)
    assert found.best.config == Config(learning_rate=pytest.approx(0.01), rank=2, method="lora")
    worst = search_hyperparameters(score, Config(), SPACE, strategy="grid", maximise=True).best
    assert worst.score == max(trial.score for trial in found.trials) > found.best.score
    assert len(search_hyperparameters(score, Config(), SPACE, strategy="grid", num_trials=5).trials) == 5


def test_random_values_are_spread_over_orders_of_magnitude():
    trials = search_hyperparameters(score, Config(), SPACE, strategy="random", num_trials=60).trials
    exponents = [math.log10(trial.config.learning_rate) for trial in trials]
    assert all(-3 <= exponent <= 0 for exponent in exponents)
    assert all(sum(low <= exponent < low + 1 for exponent in exponents) >= 10 for low in (-3, -2, -1))
    assert {(trial.config.rank, trial.config.method) for trial in trials} == set(product((1, 2, 3), ("full", "lora")))


def test_tpe_learns_from_what_it_has_tried():
    """The first ten trials are drawn by chance; those that follow come nearer and nearer to the best."""

    def late(strategy):
        space = {"learning_rate": SPACE["learning_rate"]}
        searches = [
            search_hyperparameters(score, Config(rank=2), space, strategy=strategy, num_trials=40, seed=seed)
            for seed in range(3)
        ]
        return sum(trial.score - 1 for search in searches for trial in search.trials[20:]) / 60

    assert late("tpe") < 0.7 * late("random")


@pytest.mark.parametrize("strategy", ["grid", "random", "tpe"])
def test_an_interrupted_search_goes_on_as_if_nothing_had_happened(strategy, tmp_path):
    arguments = {"space": SPACE, "num_trials": 14, "strategy": strategy, "seed": 3}
    whole = search_hyperparameters(score, Config(), **arguments)
    storage = f"sqlite:///{tmp_path / 'search.db'}"
    calls = []

    def interrupted(config, report):
        calls.append(config)
        if len(calls) in (3, 12):
            raise KeyboardInterrupt
        return score(config)

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            search_hyperparameters(interrupted, Config(), storage=storage, **arguments)
    resumed = search_hyperparameters(interrupted, Config(), storage=storage, **arguments)
    assert resumed.trials == whole.trials
    assert len(calls) == 14 + 2  # two were begun twice, none was made again
    search_hyperparameters(interrupted, Config(), storage=storage, **arguments)
    assert len(calls) == 14 + 2  # all is done
    with pytest.raises(ValueError, match="storage holds a search 'search' of"):
        search_hyperparameters(score, Config(), storage=storage, **arguments | {"seed": 4})


@pytest.mark.parametrize("error", [None, KeyboardInterrupt, ValueError])
def test_the_database_is_closed_however_the_search_ends(error, tmp_path):
    path = tmp_path / "search.db"
    during = []

    def open_files():
        return [file.path for file in psutil.Process().open_files() if file.path.startswith(str(path))]

    def objective(config, report):
        during.extend(open_files())
        if error is not None:
            raise error
        return score(config)

    with nullcontext() if error is None else pytest.raises(error):
        search_hyperparameters(objective, Config(), SPACE, num_trials=3, storage=f"sqlite:///{path}")
    assert during
    assert open_files() == []


def test_what_is_worse_than_the_median_is_given_up():
    steps = []

    def learning_curve(config, report):
        for step in range(10):
            report(step, score(config))
            steps.append(step)
        return score(config)

    found = search_hyperparameters(
        learning_curve, Config(), SPACE, strategy="random", num_trials=30, prune=True, seed=2
    )
    pruned = [trial for trial in found.trials if trial.is_pruned]
    assert 5 <= len(pruned) < 25
    assert not any(trial.is_pruned for trial in found.trials[:5])
    assert len(steps) == 10 * (30 - len(pruned))  # a pruned trial ends at its first report
    assert all(trial.score == pytest.approx(score(trial.config)) for trial in pruned)
    assert not found.best.is_pruned
    assert found.best.score == min(trial.score for trial in found.trials)


def test_a_score_that_is_not_a_number_is_the_worst():
    found = search_hyperparameters(
        lambda config, report: math.nan if config.rank == 1 else 1.0 * config.rank,
        Config(),
        {"rank": IntRange(1, 3)},
        strategy="grid",
    )
    assert [trial.score for trial in found.trials] == [math.inf, 2.0, 3.0]
    assert found.best.config.rank == 2
    assert not found.maximise
    found = search_hyperparameters(
        lambda config, report: math.nan if config.rank == 1 else -1.0 * config.rank,
        Config(),
        {"rank": IntRange(1, 3)},
        strategy="grid",
        maximise=True,
    )
    assert [trial.score for trial in found.trials] == [-math.inf, -2.0, -3.0]
    assert found.best.config.rank == 2


def test_nothing_is_given_up_unless_asked_for():
    def objective(config, report):
        report(0, float(config.rank))
        return float(config.rank)

    space = {"rank": IntRange(1, 20)}
    scores = [trial.score for trial in search_hyperparameters(objective, Config(), space, strategy="grid").trials]
    assert scores == [float(rank) for rank in range(1, 21)]
    pruned = search_hyperparameters(objective, Config(), space, strategy="grid", prune=True).trials
    assert [trial.is_pruned for trial in pruned] == [False] * 5 + [True] * 15


def test_the_smallest_ranges_are_allowed():
    assert IntRange(2, 2).values == (2,)
    assert LogUniform(0.1, 0.1).values == pytest.approx((0.1,) * 5)
    assert LogUniform(0.1, 1.0, 2).values == pytest.approx((0.1, 1.0))
    space = {"learning_rate": LogUniform(0.1, 0.1), "rank": IntRange(2, 2)}
    (trial,) = search_hyperparameters(score, Config(), space, num_trials=1).trials
    assert (trial.config.learning_rate, trial.config.rank) == (pytest.approx(0.1), 2)


def test_the_plot_shows_all_trials_and_the_best_so_far():
    found = search_hyperparameters(
        lambda config, report: (report(0, score(config)), score(config))[1],
        Config(),
        SPACE,
        strategy="random",
        num_trials=20,
        prune=True,
    )
    lines = {line.get_label(): line for line in found.plot(label="loss").get_lines()}
    assert len(lines["trial"].get_xdata()) + len(lines["pruned trial"].get_xdata()) == 20
    best = list(lines["best so far"].get_ydata())
    assert best == sorted(best, reverse=True)
    assert best[-1] == found.best.score
    axes = found.plot(field="learning_rate")
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "learning_rate"
    assert sorted(axes.get_lines()[0].get_xdata()) == sorted(
        trial.config.learning_rate for trial in found.trials if not trial.is_pruned
    )


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({}, "space is empty"),
        ({"depth": IntRange(1, 2)}, r"space has the field 'depth', but Config has only \['learning_rate'"),
        ({"rank": LogUniform(1.0, 2.0)}, r"space\['rank'\] gives floats, but rank=4"),
        ({"learning_rate": IntRange(1, 2)}, r"space\['learning_rate'\] gives integers"),
        ({"rank": IntRange(0, 2)}, "rank=0 must be at least 1"),
        ({"rank": Choice((2, -1))}, "rank=-1 must be at least 1"),
    ],
)
def test_a_space_must_fit_the_config(space, message):
    with pytest.raises(ValueError, match=message):
        search_hyperparameters(score, Config(), space, num_trials=1)


def test_errors():
    with pytest.raises(ValueError, match="num_trials=None must be at least 1"):
        search_hyperparameters(score, Config(), SPACE)
    with pytest.raises(ValueError, match="must be an instance of a dataclass"):
        search_hyperparameters(score, Config, SPACE, num_trials=1)
    with pytest.raises(ValueError, match="none of 0 trials"):
        _ = type(search_hyperparameters(score, Config(), SPACE, num_trials=1))(trials=(), maximise=False).best
    for wrong, message in (
        (lambda: Choice(()), "values is empty"),
        (lambda: IntRange(2, 1), "low=2 must not be greater than high=1"),
        (lambda: LogUniform(0.0, 1.0), "low=0.0 must be greater than 0"),
        (lambda: LogUniform(0.1, 1.0, 1), "num_grid_values=1 must be at least 2"),
    ):
        with pytest.raises(ValueError, match=message):
            wrong()
