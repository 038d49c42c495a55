"""The folder of a run of training: one run at a time, and always the same text and the same sizes."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from lmkit.tokenizers.files import read_json, write_json

RUN_FILE = "run.json"
"""Says what the run in a folder was begun with."""


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder for as long as the block lasts.

    The folder is created if it is missing, and removed again if the block leaves nothing in it.

    Args:
        folder: The run's.

    Raises:
        BlockingIOError: If another process has it.

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
    """Begin a run in a folder, or make sure that the run there is the same one.

    Args:
        folder: The run's.
        settings: What may not change while a run goes on, by name; JSON can hold it.

    Raises:
        ValueError: If the folder holds a run with other settings, or a model that is not from such a run. Nothing is
            changed then.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     begin_run(Path(folder), {"d_model": 16})
        ...     Path(folder, "checkpoints").mkdir()
        ...     begin_run(Path(folder), {"d_model": 32})
        Traceback (most recent call last):
        ValueError: output='...' holds a run with d_model=16, not 32: give another --output, or d_model=16 to go on
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
                f"give another --output, or {name}={before.get(name)} to go on"
            )
