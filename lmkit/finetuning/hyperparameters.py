"""Search for hyper-parameters: which values of a config's fields give the best score, with Optuna."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import product
from typing import Any, Generic, Literal, TypeVar

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from lmkit.plotting import COLOURS

Config = TypeVar("Config")
"""The class of the configs."""

SearchStrategy = Literal["grid", "random", "tpe"]
"""How the next values are chosen: all combinations in turn, at random, or near those that have done well so far."""

Report = Callable[[int, float], None]
"""``report(step, score)`` says how a trial is doing. If the trial is pruned, it raises an exception that ends it."""


@dataclass(frozen=True)
class Choice:
    """One of several values.

    Args:
        values: The candidates: strings, numbers, booleans or ``None``.

    Example:
        >>> Choice((8, 16, 32)).values
        (8, 16, 32)
    """

    values: tuple[Any, ...]

    def __post_init__(self) -> None:
        """Check the values."""
        if not self.values:
            raise ValueError("values is empty: there is nothing to choose")


@dataclass(frozen=True)
class IntRange:
    """An integer from a range.

    Args:
        low: The smallest value.
        high: The largest value, included.

    Example:
        >>> IntRange(1, 4).high
        4
    """

    low: int
    high: int

    def __post_init__(self) -> None:
        """Check the bounds."""
        if self.low > self.high:
            raise ValueError(f"low={self.low} must not be greater than high={self.high}")

    @property
    def values(self) -> tuple[int, ...]:
        """All integers of the range."""
        return tuple(range(self.low, self.high + 1))


@dataclass(frozen=True)
class LogUniform:
    """A number whose logarithm is uniformly distributed: all orders of magnitude are equally likely.

    Args:
        low: The smallest value, greater than 0.
        high: The largest value.
        num_grid_values: How many values a grid search tries, evenly spaced on a logarithmic axis.

    Example:
        >>> LogUniform(1e-5, 1e-3).low
        1e-05
    """

    low: float
    high: float
    num_grid_values: int = 5

    def __post_init__(self) -> None:
        """Check the bounds."""
        if not 0 < self.low <= self.high:
            raise ValueError(f"low={self.low} must be greater than 0 and not greater than high={self.high}")
        if self.num_grid_values < 2:
            raise ValueError(f"num_grid_values={self.num_grid_values} must be at least 2")

    @property
    def values(self) -> tuple[float, ...]:
        """The values of a grid."""
        return tuple(np.geomspace(self.low, self.high, self.num_grid_values).tolist())


Space = Mapping[str, Choice | IntRange | LogUniform]
"""The search space: what each searched field of the config may be, by name."""


@dataclass(frozen=True, kw_only=True)
class Trial(Generic[Config]):
    """One config that was tried.

    Args:
        values: The values of the searched fields.
        config: The whole config.
        score: The result; for a pruned trial the last reported score, or nan if it reported none.
        is_pruned: Whether the trial was stopped early.

    Example:
        >>> from lmkit.finetuning import FineTuningConfig
        >>> trial = Trial(
        ...     values={"batch_size": 8}, config=FineTuningConfig(batch_size=8), score=0.71, is_pruned=False
        ... )
        >>> trial.config.batch_size, trial.score
        (8, 0.71)
    """

    values: dict[str, Any]
    config: Config
    score: float
    is_pruned: bool


@dataclass(frozen=True, kw_only=True)
class HyperparameterSearch(Generic[Config]):
    """The result of a search.

    Args:
        trials: All trials, in the order in which they ended.
        maximise: Whether a higher score is better.

    Example:
        >>> from lmkit.finetuning import FineTuningConfig
        >>> found = search_hyperparameters(
        ...     lambda config, report: abs(config.batch_size - 16),
        ...     FineTuningConfig(),
        ...     {"batch_size": Choice((8, 16, 32))},
        ...     strategy="grid",
        ... )
        >>> found.best.values, found.best.score
        ({'batch_size': 16}, 0.0)
    """

    trials: tuple[Trial[Config], ...]
    maximise: bool

    @property
    def best(self) -> Trial[Config]:
        """The best trial that was not pruned.

        Raises:
            ValueError: If all were pruned.
        """
        complete = [trial for trial in self.trials if not trial.is_pruned]
        if not complete:
            raise ValueError(f"none of {len(self.trials)} trials ran to the end")
        return (max if self.maximise else min)(complete, key=lambda trial: trial.score)

    def plot(self, ax: Axes | None = None, *, label: str = "score", field: str | None = None) -> Axes:
        """Plot the score of each trial.

        Args:
            ax: Where to draw; a new figure otherwise.
            label: Label of the y-axis: what the score is, with its unit.
            field: The searched field on the x-axis; ``None`` for the number of the trial, with the best score so far.

        Returns:
            The axes.
        """
        ax = plt.subplots()[1] if ax is None else ax
        for is_pruned, marker, colour, name in ((False, "o", "gpt", "trial"), (True, "x", "baseline", "pruned trial")):
            points = [
                (number if field is None else trial.values[field], trial.score)
                for number, trial in enumerate(self.trials, start=1)
                if trial.is_pruned == is_pruned
            ]
            if points:
                ax.plot(*zip(*points, strict=True), marker, color=COLOURS[colour], label=name)
        if field is None:
            best = np.maximum if self.maximise else np.minimum
            worst = -math.inf if self.maximise else math.inf
            scores = [worst if trial.is_pruned else trial.score for trial in self.trials]
            numbers = range(1, len(scores) + 1)
            ax.step(numbers, best.accumulate(scores), where="post", color=COLOURS["bert"], label="best so far")
        elif isinstance(self.trials[0].values[field], float):
            ax.set_xscale("log")
        ax.set(xlabel="trial" if field is None else field, ylabel=label)
        ax.legend()
        return ax


def search_hyperparameters(
    objective: Callable[[Config, Report], float],
    config: Config,
    space: Space,
    *,
    num_trials: int | None = None,
    strategy: SearchStrategy = "tpe",
    maximise: bool = False,
    prune: bool = False,
    storage: str | None = None,
    name: str = "search",
    seed: int = 0,
) -> HyperparameterSearch[Config]:
    """Try configs and record their scores.

    With a ``storage``, repeating the same call after an interruption resumes the search. If the objective depends only
    on the config, the trials are the same as in an uninterrupted search.

    Args:
        objective: Trains with a config and returns a score, such as the loss on validation examples; ``nan`` counts as
            the worst. It may report intermediate scores.
        config: A dataclass with the values of the fields that are not searched.
        space: The fields to search.
        num_trials: Total number of trials, including those in the storage; ``None`` for all points of a grid.
        strategy: How the values are chosen.
        maximise: Whether a higher score is better.
        prune: Whether to stop a trial whose reported score is worse than the median of the earlier trials at the same
            step. The first five trials are never pruned.
        storage: URL of a database, such as ``"sqlite:///search.db"``, which is closed at the end; ``None`` for memory.
        name: Name of the search, to keep several in one database.
        seed: Seed of all random choices.

    Returns:
        All trials.

    Raises:
        ImportError: If Optuna is not installed.
        ValueError: If a field is unknown or cannot take the values, or the storage holds a different search of this
            name.

    Source:
        Bergstra and Bengio (2012), for random search; Bergstra et al. (2011), section 4, for the tree-structured
        Parzen estimator; pruning by the median: Golovin et al. (2017), section 3.1.

    Example:
        >>> from lmkit.training import TrainingConfig
        >>> found = search_hyperparameters(
        ...     lambda config, report: (config.l2 - 0.1) ** 2 + config.num_micro_batches,
        ...     TrainingConfig(num_steps=10),
        ...     {"l2": LogUniform(0.01, 1.0, 3), "num_micro_batches": Choice((1, 2))},
        ...     strategy="grid",
        ... )
        >>> len(found.trials), found.best.values
        (6, {'l2': 0.1, 'num_micro_batches': 1})
    """
    try:
        import optuna
        from optuna.trial import TrialState
    except ImportError as error:
        raise ImportError("search_hyperparameters needs the package optuna: pip install 'lmkit-book[tasks]'") from error
    _check_space(config, space)
    points = list(product(*(dimension.values for dimension in space.values()))) if strategy == "grid" else None
    if points is not None:
        num_trials = min(num_trials or len(points), len(points))
    if num_trials is None or num_trials < 1:
        raise ValueError(f"num_trials={num_trials} must be at least 1; only strategy='grid' needs none")

    worst = -math.inf if maximise else math.inf
    with _quiet(), _opened(storage) as backend:
        study = optuna.create_study(
            storage=backend,
            study_name=name,
            direction="maximize" if maximise else "minimize",
            pruner=optuna.pruners.MedianPruner() if prune else optuna.pruners.NopPruner(),
            load_if_exists=True,
        )
        _require_same_search(study, f"{strategy}, seed {seed}, {dict(space)}")
        for interrupted in study.get_trials(states=[TrialState.RUNNING]):
            study.tell(interrupted.number, state=TrialState.FAIL)
        ended = (TrialState.COMPLETE, TrialState.PRUNED)
        while (number := len(study.get_trials(deepcopy=False, states=ended))) < num_trials:
            # Seeded for each trial, so that an interruption changes nothing.
            seed_of_trial = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
            study.sampler = (
                optuna.samplers.TPESampler(seed=seed_of_trial)
                if strategy == "tpe"
                else optuna.samplers.RandomSampler(seed=seed_of_trial)
            )
            if points is not None and not study.get_trials(deepcopy=False, states=[TrialState.WAITING]):
                study.enqueue_trial(dict(zip(space, points[number], strict=True)))
            trial = study.ask()
            values = {field: _suggest(trial, field, dimension) for field, dimension in space.items()}

            def report(step: int, score: float, trial: Any = trial) -> None:
                trial.report(score, step)
                if trial.should_prune():
                    raise optuna.TrialPruned

            try:
                score = objective(replace(config, **values), report)  # type: ignore[type-var]  # checked above
            except optuna.TrialPruned:
                study.tell(trial, state=TrialState.PRUNED)
            else:
                study.tell(trial, worst if math.isnan(score) else score)
        trials = tuple(
            Trial(
                values=dict(trial.params),
                config=replace(config, **trial.params),  # type: ignore[type-var]
                score=math.nan if trial.value is None else trial.value,
                is_pruned=trial.state == TrialState.PRUNED,
            )
            for trial in study.get_trials(states=ended)
        )
    return HyperparameterSearch(trials=trials, maximise=maximise)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Optuna from logging each trial."""
    import optuna

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(verbosity)


@contextmanager
def _opened(storage: str | None) -> Iterator[Any]:
    """Open a database, and always close all connections to it; Optuna leaves that to the garbage collector."""
    from optuna.storages import RDBStorage

    if storage is None:
        yield None
        return
    database = RDBStorage(storage)
    try:
        yield database
    finally:
        database.remove_session()
        database.engine.dispose()


def _suggest(trial: Any, field: str, dimension: Choice | IntRange | LogUniform) -> Any:
    match dimension:
        case Choice(values=values):
            return trial.suggest_categorical(field, values)
        case IntRange(low=low, high=high):
            return trial.suggest_int(field, low, high)
        case LogUniform(low=low, high=high):
            return trial.suggest_float(field, low, high, log=True)


def _check_space(config: Any, space: Space) -> None:
    """Require fields that exist and values that the config accepts."""
    if not is_dataclass(config) or isinstance(config, type):
        raise ValueError(f"config={config!r} must be an instance of a dataclass")
    if not space:
        raise ValueError("space is empty: there is nothing to search")
    known = {field.name for field in fields(config)}
    for name, dimension in space.items():
        if name not in known:
            raise ValueError(f"space has the field {name!r}, but {type(config).__name__} has only {sorted(known)}")
        current = getattr(config, name)
        if isinstance(dimension, LogUniform) and isinstance(current, int | str):
            raise ValueError(f"space[{name!r}] gives floats, but {name}={current!r} has another type")
        if isinstance(dimension, IntRange) and (isinstance(current, bool | float | str)):
            raise ValueError(f"space[{name!r}] gives integers, but {name}={current!r} has another type")
        ends = dimension.values if isinstance(dimension, Choice) else (dimension.low, dimension.high)
        for value in ends:
            replace(config, **{name: value})  # raises what its own check raises


def _require_same_search(study: Any, what: str) -> None:
    """Record what a new search varies, or compare it with the search that the storage already holds."""
    before = study.user_attrs.get("search")
    if before is None:
        study.set_user_attr("search", what)
    elif before != what:
        raise ValueError(f"storage holds a search {study.study_name!r} of {before}, not of {what}: give another name")
