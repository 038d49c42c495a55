"""The folder of a training run: one process at a time, and always the same text and sizes."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from lmkit.tokenizers.files import read_json, write_json
from lmkit.training.checkpoint import newest_path

RUN_FILE = "run.json"
"""Holds the settings that the run in a folder was started with."""


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Lock a folder against other runs for the duration of the block.

    The folder is created if it is missing, and removed again if the block leaves it empty.

    Args:
        folder: The folder of the run.

    Raises:
        BlockingIOError: If another process has locked it.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder, locked_folder(Path(folder)):
        ...     sorted(path.name for path in Path(folder).iterdir())
        ['.lock']
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BlockingIOError(
            f"output={str(folder)!r} is in use by another run: wait for it, or give another --output"
        ) from error
    try:
        yield
    finally:
        lock.release()
        if is_new and {path.name for path in folder.iterdir()} <= {".lock"}:
            shutil.rmtree(folder)


def begin_run(folder: Path, settings: Mapping[str, Any]) -> None:
    """Start a run in a folder, or check that the run there has the same settings.

    Args:
        folder: The folder of the run.
        settings: What must not change during a run, by name; values that JSON can hold.

    Raises:
        ValueError: If the folder holds a run with other settings, or a model from elsewhere. Then nothing is changed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     begin_run(Path(folder), {"d_model": 16})
        ...     Path(folder, "checkpoints").mkdir()
        ...     begin_run(Path(folder), {"d_model": 32})
        Traceback (most recent call last):
        ValueError: output='...' holds a run with d_model=16, not 32: give another --output, or d_model=16 to resume it
    """
    if not (folder / RUN_FILE).is_file():
        found = [name for name in ("config.json", "tokenizer.json", "checkpoints") if (folder / name).exists()]
        if found:
            raise ValueError(
                f"output={str(folder)!r} already has {', '.join(found)}, but no {RUN_FILE}: give another --output"
            )
        write_json(folder / RUN_FILE, dict(settings))
        return
    before = read_json(folder / RUN_FILE)
    if before != dict(settings) and not (folder / "checkpoints").exists():  # it failed before its first checkpoint
        (folder / "tokenizer.json").unlink(missing_ok=True)
        write_json(folder / RUN_FILE, dict(settings))
        return
    for name, value in settings.items():
        if before.get(name) != value:
            raise ValueError(
                f"output={str(folder)!r} holds a run with {name}={before.get(name)}, not {value}: "
                f"give another --output, or {name}={before.get(name)} to resume it"
            )


def saved_step(folder: Path) -> int | None:
    """Return after how many steps the newest checkpoint of a run was saved, or nothing if there is none.

    Args:
        folder: The run's.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     Path(folder, "checkpoints", "step-000000200").mkdir(parents=True)
        ...     saved_step(Path(folder))
        200
    """
    checkpoint = newest_path(folder / "checkpoints")
    return None if checkpoint is None else int(checkpoint.name.rpartition("-")[2])
