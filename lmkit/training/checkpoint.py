"""Everything a training run needs to resume, saved so that an interrupted write does no harm.

A checkpoint is a folder: weights and the optimiser's state as safetensors, the rest as json, and a manifest
with the checksum of each file. It is written under another name, forced to the disk and then renamed, so
a folder with a checkpoint's name is complete. The checksums reveal later damage.

No random state needs to be saved besides the batches' position: :func:`lmkit.training.train` seeds
PyTorch's generator at each step, from the run's seed, the number of the step and the rank.
"""

import hashlib
import json
import os
import shutil
import uuid
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from lmkit.training.distributed import rank, sharded_like, whole
from lmkit.training.history import History
from lmkit.training.tensor_tree import put_tensors, take_tensors

MANIFEST = "manifest.json"


class DamagedCheckpointError(ValueError):
    """A checkpoint differs from what was written."""


@runtime_checkable
class HasPosition(Protocol):
    """Batches that can resume from a saved position."""

    def state_dict(self) -> dict[str, Any]:
        """Return the position."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a position."""


@runtime_checkable
class SavesItself(Protocol):
    """A tokenizer, for instance."""

    def save(self, path: Path) -> None:
        """Write a file."""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The state of a run after a number of steps, on the CPU.

    Args:
        path: Where it was read from.
        model: The weights by name.
        optimizer: The optimiser's ``state_dict``.
        history: What happened so far; its length is the number of steps, which sets the position in the schedule.
        batches: The batches' ``state_dict``, if they have one.
        tokenizer_file: The tokenizer's file, if one was saved.
    """

    path: Path
    model: dict[str, Tensor]
    optimizer: dict[str, Any]
    history: History
    batches: dict[str, Any] | None
    tokenizer_file: Path | None

    def restore(self, model: nn.Module, optimizer: torch.optim.Optimizer, batches: Iterable[Any] | None = None) -> None:
        """Restore a run to this state, on any number of ranks and any device.

        Args:
            model: Gets the weights. Its parameters may be sharded among ranks.
            optimizer: Made for that model; gets the state.
            batches: Go to the position.

        Raises:
            ValueError: If the batches cannot go to a position, or none was saved.
            RuntimeError: From PyTorch, if weights or parameter groups do not fit.

        Example:
            >>> import tempfile
            >>> from lmkit.training import fused_adamw
            >>> trained, model = nn.Linear(2, 2), nn.Linear(2, 2)
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     save_checkpoint(Path(folder) / "c", trained, fused_adamw(trained, 0.01), history=History())
            ...     load_checkpoint(Path(folder) / "c").restore(model, fused_adamw(model, 0.01))
            >>> torch.equal(model.weight, trained.weight)
            True
        """
        own = model.state_dict()
        model.load_state_dict(
            {name: sharded_like(saved, own[name]) if name in own else saved for name, saved in self.model.items()}
        )
        parameters = [weight for group in optimizer.param_groups for weight in group["params"]]
        state = {
            number: {name: _placed_like(value, parameters[number]) for name, value in entries.items()}
            for number, entries in self.optimizer["state"].items()
        }
        optimizer.load_state_dict({**self.optimizer, "state": state})
        if batches is not None:
            if self.batches is None or not isinstance(batches, HasPosition):
                raise ValueError(f"{self.path} and {type(batches).__name__} must both hold a position to go on from")
            batches.load_state_dict(self.batches)


def save_checkpoint(
    path: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    *,
    history: History,
    batches: Iterable[Any] | None = None,
    tokenizer: SavesItself | None = None,
) -> None:
    """Write a checkpoint atomically: if this fails, nothing has changed.

    Every rank must call it, because sharded tensors are gathered; rank 0 writes.

    Args:
        path: A folder that does not exist yet.
        model: Its weights are saved.
        optimizer: Its state is saved.
        history: What happened so far.
        batches: Their position is saved if they have a ``state_dict``.
        tokenizer: Saved beside the weights.

    Raises:
        OSError: If the disk is full or the folder exists. What was there before is untouched.

    Example:
        >>> import tempfile
        >>> model = torch.nn.Linear(2, 2)
        >>> optimizer = torch.optim.AdamW(model.parameters())
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_checkpoint(Path(folder) / "c", model, optimizer, history=History())
        ...     checkpoint = load_checkpoint(Path(folder) / "c")
        >>> torch.equal(checkpoint.model["weight"], model.weight)
        True
    """
    weights = {name: whole(weight) for name, weight in model.state_dict().items()}
    optimizer_state = optimizer.state_dict()
    optimizer_state["state"] = {
        number: {name: whole(value) if isinstance(value, Tensor) else value for name, value in entries.items()}
        for number, entries in optimizer_state["state"].items()
    }
    if rank() != 0:
        return
    names, tensors = {}, {}
    for part, tree in (("model", weights), ("optimizer", optimizer_state)):
        names[part], tensors[part] = take_tensors(tree)
    state = {**names, "history": history.to_json(), "batches": position_of(batches)}
    if path.exists():
        raise FileExistsError(f"{path} already exists")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.parent / f".partial-{path.name}-{uuid.uuid4().hex}"
    partial.mkdir()
    try:
        for part in tensors:
            save_file(tensors[part], partial / f"{part}.safetensors")
        (partial / "state.json").write_text(json.dumps(state))
        if tokenizer is not None:
            tokenizer.save(partial / "tokenizer.json")
        mode = (partial / "state.json").stat().st_mode
        for file in partial.iterdir():
            file.chmod(mode)  # safetensors lets nobody else read what it writes
        manifest = {file.name: _checksum(file) for file in sorted(partial.iterdir())}
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=1))
        for file in partial.iterdir():
            _force_to_disk(file)
        _force_to_disk(partial)
        partial.rename(path)
    except SafetensorError as error:
        raise OSError(f"could not write {path}: {error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    _force_to_disk(path.parent)


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint and verify it against its checksums.

    Args:
        path: The folder.

    Returns:
        The state of the run.

    Raises:
        DamagedCheckpointError: If a file is missing or differs from what was written.

    Example:
        >>> import tempfile
        >>> model = nn.Linear(2, 2)
        >>> history = History(loss_nats=[3.0, 2.0])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_checkpoint(Path(folder) / "c", model, torch.optim.AdamW(model.parameters()), history=history)
        ...     checkpoint = load_checkpoint(Path(folder) / "c")
        >>> sorted(checkpoint.model), checkpoint.history.num_steps
        (['bias', 'weight'], 2)
    """
    try:
        for name, checksum in json.loads((path / MANIFEST).read_text()).items():
            if _checksum(path / name) != checksum:
                raise DamagedCheckpointError(f"{path} is damaged: {name} is not what was written")
        state = json.loads((path / "state.json").read_text())
        tensors = {name: load_file(path / f"{name}.safetensors") for name in ("model", "optimizer")}
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DamagedCheckpointError(f"{path} is damaged: {error}") from error
    optimizer = put_tensors(state["optimizer"], tensors["optimizer"])
    optimizer["state"] = {int(number): entries for number, entries in optimizer["state"].items()}
    tokenizer_file = path / "tokenizer.json"
    return Checkpoint(
        path=path,
        model=put_tensors(state["model"], tensors["model"]),
        optimizer=optimizer,
        history=History.from_json(state["history"]),
        batches=state["batches"],
        tokenizer_file=tokenizer_file if tokenizer_file.exists() else None,
    )


def checkpoint_path(folder: Path, num_steps: int) -> Path:
    """Return the path of a run's checkpoint after a number of steps.

    Args:
        folder: The run's.
        num_steps: How many steps were taken.

    Returns:
        A path whose order by name is the order by steps.
    """
    return folder / f"step-{num_steps:09d}"


def newest_path(folder: Path) -> Path | None:
    """Return the path of a run's newest checkpoint, if there is one.

    Args:
        folder: The run's.
    """
    return max(folder.glob("step-*"), default=None)


def position_of(batches: Iterable[Any] | None) -> dict[str, Any] | None:
    """Return the position of batches that have one: their ``state_dict``.

    Args:
        batches: Any batches.
    """
    return batches.state_dict() if isinstance(batches, HasPosition) else None


def newest_checkpoint(folder: Path) -> Checkpoint | None:
    """Load the newest checkpoint of a run that is not damaged; set aside each newer one with a warning.

    Args:
        folder: The run's.

    Returns:
        The checkpoint, or nothing where there is none.

    Raises:
        DamagedCheckpointError: If there are checkpoints but all are damaged.

    Example:
        >>> import tempfile
        >>> from lmkit.data import next_token_batches
        >>> from lmkit.models import GPT, GPTConfig
        >>> from lmkit.training import TrainingConfig, constant, fused_adamw, train
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> batches = next_token_batches(torch.arange(1000) % 50, batch_size=4, context_length=8)
        >>> config = TrainingConfig(num_steps=4, checkpoint_every=2)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = train(
        ...         model, fused_adamw(model, 0.01), batches, constant(0.01), config,
        ...         checkpoint_folder=Path(folder), progress=False,
        ...     )
        ...     newest_checkpoint(Path(folder)).history.num_steps
        4
    """
    damage = None
    for path in sorted(folder.glob("step-*"), reverse=True):
        try:
            return load_checkpoint(path)
        except DamagedCheckpointError as error:
            damage = error
            warnings.warn(f"{error}; it is set aside and the checkpoint before it is taken", stacklevel=2)
            if rank() == 0:
                aside = path.with_name(f"damaged-{path.name}")
                shutil.rmtree(aside, ignore_errors=True)
                path.rename(aside)
    if damage is not None:
        raise damage
    return None


def best_checkpoint(folder: Path) -> Checkpoint | None:
    """Load the checkpoint of a run at which the loss on validation text was lowest.

    Args:
        folder: The run's.

    Returns:
        The checkpoint; the newest where nothing was evaluated, and nothing where there is none.

    Raises:
        DamagedCheckpointError: If it is damaged.

    Example:
        >>> import tempfile
        >>> from lmkit.data import next_token_batches
        >>> from lmkit.models import GPT, GPTConfig
        >>> from lmkit.training import TrainingConfig, constant, fused_adamw, train
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> batches = next_token_batches(torch.arange(1000) % 50, batch_size=4, context_length=8)
        >>> validation_batches = [next(batches)]
        >>> config = TrainingConfig(num_steps=4, evaluate_every=2)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     history = train(
        ...         model, fused_adamw(model, 0.01), batches, constant(0.01), config,
        ...         validation_batches=validation_batches, checkpoint_folder=Path(folder), progress=False,
        ...     )
        ...     best_checkpoint(Path(folder)).history.num_steps == history.best[0]
        True
    """
    newest = newest_checkpoint(folder)
    if newest is None or newest.history.best is None:
        return newest
    return load_checkpoint(checkpoint_path(folder, newest.history.best[0]))


def remove_old_checkpoints(folder: Path, *, keep: int = 2, best: int | None = None) -> None:
    """Remove all but the newest checkpoints of a run and the best, and delete what interrupted writes left behind.

    Args:
        folder: The run's.
        keep: How many of the newest to keep; with at least 2, little is lost if the last is damaged.
        best: After how many steps the best was made, if one is known.
    """
    if rank() == 0:
        stays = None if best is None else checkpoint_path(folder, best)
        for path in [*sorted(folder.glob("step-*"))[:-keep], *folder.glob(".partial-*")]:
            if path != stays:
                shutil.rmtree(path)


def _placed_like(value: Any, parameter: Tensor) -> Any:
    """Copy an entry of the optimiser's state: running means are on their parameter's device, a step count on any."""
    if isinstance(value, Tensor):
        return sharded_like(value, parameter) if value.shape == parameter.shape else value.clone()
    return value


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _force_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
