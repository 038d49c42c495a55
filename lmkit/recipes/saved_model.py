"""A model and its tokenizer in a folder, as ``lmkit train`` and ``lmkit finetune`` save them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from lmkit.finetuning.saving import HEADS, has_counterpart, save_fine_tuned
from lmkit.models import SpecialIds, load_pretrained, load_tokenizer, save_pretrained
from lmkit.models.model_files import (
    ADAPTER,
    ADAPTER_CONFIG,
    SHIPPED,
    read_adapter,
    read_config,
    read_tensors,
    write_adapter,
)
from lmkit.tokenizers import Tokenizer

TRAIN_TOKENS, VALIDATION_TOKENS = "train", "validation"
"""Subfolders that ``lmkit tokenize --shards`` writes."""


def load_model_and_tokenizer(folder_or_name: str, device: torch.device) -> tuple[Any, Tokenizer]:
    """Load what ``lmkit train`` saved.

    Args:
        folder_or_name: A folder with ``config.json``, ``model.safetensors`` and ``tokenizer.json``, or the name of a
            model that ships with the package.
        device: Where to put the model.

    Returns:
        The model in evaluation mode, and the tokenizer.

    Raises:
        FileNotFoundError: If there is no such model.
        ValueError: If a file is not valid.

    Example:
        >>> model, tokenizer = load_model_and_tokenizer("storyworld-gpt", torch.device("cpu"))
        >>> model.config.vocab_size == tokenizer.vocab_size
        True
    """
    folder = find_model(folder_or_name)
    return load_pretrained(folder, device=device), load_tokenizer(folder)


def find_model(folder_or_name: str | Path) -> Path:
    """Find the folder of a model.

    Args:
        folder_or_name: A folder, or the name of a model that ships with the package.

    Returns:
        The folder.

    Raises:
        FileNotFoundError: If there is no such model.

    Example:
        >>> sorted(path.suffix for path in find_model("storyworld-gpt").glob("m*"))
        ['.safetensors']
    """
    folder = Path(folder_or_name) if Path(folder_or_name).is_dir() else SHIPPED / folder_or_name
    if not (folder / "config.json").is_file():
        shipped = ", ".join(sorted(path.name for path in SHIPPED.iterdir()))
        raise FileNotFoundError(
            f"model={str(folder_or_name)!r} is neither a folder with a model nor the name of one: {shipped}"
        )
    return folder


def find_tokenizer(file_folder_or_name: str) -> Tokenizer | None:
    """Load a tokenizer by file, folder or name.

    Args:
        file_folder_or_name: A tokenizer file, a folder with ``tokenizer.json``, or the name of a model that ships with
            the package.

    Returns:
        The tokenizer; ``None`` if there is none.

    Raises:
        ValueError: If the file is not a tokenizer.

    Example:
        >>> tokenizer = find_tokenizer("storyworld-gpt")
        >>> tokenizer.decode(tokenizer.encode("red kite"))
        'red kite'
    """
    path = Path(file_folder_or_name)
    candidates = (path, path / "tokenizer.json", SHIPPED / path / "tokenizer.json")
    found = next((candidate for candidate in candidates if candidate.is_file()), None)
    return None if found is None else load_tokenizer(found)


def save_task_model(
    model: nn.Module,
    tokenizer: Tokenizer,
    folder: Path,
    *,
    labels: Sequence[str] = (),
    special_ids: SpecialIds | None = None,
) -> None:
    """Save a fine-tuned model with its tokenizer and its head, if it has one.

    If ``transformers`` has such a head, its Auto classes can load the folder. Any other head is in a separate file.

    Args:
        model: A model, or a head on one.
        tokenizer: The model's.
        folder: Where to write; created if it is missing.
        labels: The names of the head's outputs, in order, for ``id2label``.
        special_ids: The special ids of the pre-trained model; see :func:`lmkit.models.load_special_ids`.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.finetuning import SequenceClassifier
        >>> base, tokenizer = load_model_and_tokenizer("storyworld-bert", torch.device("cpu"))
        >>> with TemporaryDirectory() as folder:
        ...     save_task_model(SequenceClassifier(base, 2), tokenizer, Path(folder))
        ...     load_head(SequenceClassifier(load_pretrained(folder), 2), Path(folder))
    """
    for name in (ADAPTER, ADAPTER_CONFIG):  # of another model
        (folder / name).unlink(missing_ok=True)
    if has_counterpart(model):
        save_fine_tuned(model, folder, labels=labels, special_ids=special_ids)
    else:
        save_pretrained(base_of(model), folder, special_ids=special_ids)
        if head := _head(model):
            write_adapter(head, {"head": type(model).__name__}, folder)
    tokenizer.save(folder / "tokenizer.json")


@torch.no_grad()
def load_head(model: nn.Module, folder: Path) -> None:
    """Load the weights of a head that :func:`save_task_model` saved.

    Args:
        model: A head on the saved model; a model without a head is left as it is.
        folder: The folder of the saved model.

    Raises:
        ValueError: If the folder has no such head.
    """
    head = _head(model)
    kind, sizes = type(model).__name__, {name: list(tensor.shape) for name, tensor in head.items()}
    tensors, config = _read_head(folder)
    found = {name: list(tensor.shape) for name, tensor in tensors.items()}
    if (head or tensors) and (config.get("head") != kind or found != sizes):
        raise ValueError(f"{folder} has the head {config.get('head')} {found}, not {kind} {sizes}: another task's")
    for name, tensor in head.items():
        tensor.copy_(tensors[name])


def _read_head(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Read a head's tensors by our names, and which head it is, from its own file or from the model's."""
    if (folder / ADAPTER).is_file():
        return read_adapter(folder)
    architectures = read_config(folder).get("architectures") or [None]
    for (_, kind), (architecture, their_head) in HEADS.items():
        if architecture == architectures[0]:
            tensors = read_tensors(folder, f"{their_head}.")
            return {f"head.{name}": tensor for name, tensor in tensors.items()}, {"head": kind.__name__}
    return {}, {}


def base_of(model: nn.Module) -> nn.Module:
    """The model under a head, or the model itself."""
    base = getattr(model, "encoder", model)
    assert isinstance(base, nn.Module)
    return base


def _head(model: nn.Module) -> dict[str, torch.Tensor]:
    """All weights on top of the encoder, by name; empty if the model is no head."""
    if base_of(model) is model:
        return {}
    return {name: tensor for name, tensor in model.state_dict().items() if not name.startswith("encoder.")}
