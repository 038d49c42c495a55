"""Experiments that take longer than a page may, and their results.

Each is a program, ``chapters/_experiments/NAME.py``, whose function ``run`` has the seeds and sizes as its defaults.
It writes ``NAME.json`` beside itself, and the pages read that. The results are part of the installed package too, for
pages that were downloaded from the site.
"""

import inspect
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = "_experiments"


@dataclass(frozen=True)
class Experiment:
    """The result of an experiment, and how it was obtained.

    Args:
        command: How to run it again, from the top of the repository.
        settings: Seeds and sizes.
        machine: Where it ran.
        versions: Versions of Python and PyTorch.
        seconds: How long it took.
        result: The result, as JSON can hold it.

    Example:
        >>> experiment = Experiment(
        ...     command="python chapters/_experiments/recall.py",
        ...     settings={"seeds": [0, 1]},
        ...     machine="Linux x86_64, 2 cores",
        ...     versions={"python": "3.12", "torch": "2.13"},
        ...     seconds=90.0,
        ...     result={"accuracy": [0.97, 0.99]},
        ... )
        >>> experiment.origin
        'python chapters/_experiments/recall.py, 90 s on Linux x86_64, 2 cores with PyTorch 2.13'
    """

    command: str
    settings: dict[str, Any]
    machine: str
    versions: dict[str, str]
    seconds: float
    result: Any

    @property
    def origin(self) -> str:
        """Where the numbers come from, to be glued into the page."""
        took = f"{self.seconds:.0f} s" if self.seconds < 120 else f"{self.seconds / 60:.0f} min"
        return f"{self.command}, {took} on {self.machine} with PyTorch {self.versions['torch']}"


def save_experiment(program: str, run: Callable[..., Any]) -> None:
    """Run an experiment in full and write its result beside it.

    Args:
        program: The file of the experiment, ``__file__``.
        run: Runs the experiment; the defaults of its parameters are the full seeds and sizes.

    Raises:
        ValueError: If a parameter of ``run`` has no default.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> def run(seeds=(0, 1)):
        ...     return [seed + 0.5 for seed in seeds]
        >>> with TemporaryDirectory() as folder:
        ...     save_experiment(f"{folder}/halves.py", run)  # in the program itself: __file__
        ...     json.loads(Path(folder, "halves.json").read_text())["result"]
        [0.5, 1.5]
    """
    parameters = inspect.signature(run).parameters
    for name, parameter in parameters.items():
        if parameter.default is inspect.Parameter.empty:
            raise ValueError(f"{name} of {run.__name__} has no default: the full experiment takes no arguments")
    path = Path(program)
    start = time.perf_counter()
    result = run()
    experiment = Experiment(
        command=f"python chapters/{FOLDER}/{path.name}",
        settings={name: _as_list(parameter.default) for name, parameter in parameters.items()},
        machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        versions={"python": platform.python_version(), "torch": version("torch")},
        seconds=round(time.perf_counter() - start, 1),
        result=result,
    )
    path.with_suffix(".json").write_text(json.dumps(asdict(experiment)) + "\n", encoding="utf-8")


def load_experiment(name: str) -> Experiment:
    """Read the result of an experiment, on a page.

    Args:
        name: Name of its program, without ``.py``.

    Returns:
        The result, and how it was obtained.

    Raises:
        ValueError: If there is no result of this name in a folder ``_experiments`` here or further up, nor in the
            package.

    Example:
        >>> from contextlib import chdir
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder, chdir(folder):
        ...     Path("_experiments").mkdir()
        ...     save_experiment("_experiments/halves.py", lambda seeds=(0, 1): [seed + 0.5 for seed in seeds])
        ...     load_experiment("halves").result
        [0.5, 1.5]
    """
    return read_experiment(name, Path.cwd() / "page")


def read_experiment(name: str, page: str | Path) -> Experiment:
    """Read the result of an experiment for a page, as :func:`load_experiment` does.

    Args:
        name: Name of its program, without the ending.
        page: Where the page is.

    Raises:
        ValueError: If there is no such result.
    """
    folders = Path(page).parents
    for folder in (*folders, Path(__file__).parent):
        path = folder / FOLDER / f"{name}.json"
        if path.exists():
            return Experiment(**json.loads(path.read_text(encoding="utf-8")))
    raise ValueError(
        f"name={name!r}: there is no {FOLDER}/{name}.json in {folders[0]} or further up, nor in the package"
    )


def _as_list(value: Any) -> Any:
    return list(value) if isinstance(value, range | tuple) else value
