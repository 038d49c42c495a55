"""The files of a model's folder: weights, config and adapters, complete or not there at all."""

import json
import struct
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from lmkit.tokenizers.files import read_json, write_json

SHIPPED = Path(str(resources.files("lmkit.models"))) / "shipped"
"""The folder of the models that come with the package, one folder each."""

WEIGHTS = "model.safetensors"
ADAPTER = "adapter.safetensors"
ADAPTER_CONFIG = "adapter.json"
INDEX = "model.safetensors.index.json"
CONFIG, GENERATION_CONFIG, TOKENIZER = "config.json", "generation_config.json", "tokenizer.json"
MARIAN_SOURCE, MARIAN_TARGET = "source.spm", "target.spm"


def read_config(folder_or_name: str | Path) -> dict[str, Any]:
    """Read ``config.json``.

    Args:
        folder_or_name: As in :func:`load_pretrained`.

    Returns:
        Its contents.

    Raises:
        FileNotFoundError: If there is no such folder or file.
    """
    config: dict[str, Any] = read_json(find_folder(folder_or_name) / CONFIG)
    return config


def read_tensors(folder_or_name: str | Path, prefix: str) -> dict[str, Tensor]:
    """Read some of the tensors of a model's files as they are stored.

    Args:
        folder_or_name: As in :func:`load_pretrained`.
        prefix: What their names begin with.

    Returns:
        The tensors on the CPU, by their names without the prefix.

    Raises:
        FileNotFoundError: If there is no such folder or file.
        ValueError: If a file is cut short.
    """
    tensors: dict[str, Tensor] = {}
    for path in weight_files(find_folder(folder_or_name)):
        require_complete(path)
        with safe_open(path, framework="pt") as file:
            names = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118  # it is no dictionary
            tensors |= {name.removeprefix(prefix): file.get_tensor(name) for name in names}
    return tensors


def write_adapter(tensors: Mapping[str, Tensor], config: Mapping[str, Any], folder: str | Path) -> None:
    """Write what was trained on top of a model, without the model.

    Args:
        tensors: The parameters by name.
        config: What is needed to make room for them in the model; json can hold it.
        folder: Where to write; it is made if need be, and what it holds of the same names is replaced.
    """
    write_files(Path(folder), ADAPTER, tensors, ADAPTER_CONFIG, config)


def read_adapter(folder: str | Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what :func:`write_adapter` wrote.

    Args:
        folder: Where it is.

    Returns:
        The parameters by name, on the CPU, and the config.

    Raises:
        FileNotFoundError: If there is no such folder or file.
        ValueError: If the file of the parameters is cut short; the message names the tensor.
    """
    folder = Path(folder)
    config = read_json(folder / ADAPTER_CONFIG)
    require_complete(folder / ADAPTER)
    return load_file(folder / ADAPTER), config


def write_generation_config(folder: Path, token_ids: Mapping[str, Any]) -> None:
    """Write the file, or remove what another model left."""
    path = folder / GENERATION_CONFIG
    if token_ids:
        write_json(path, {name: value for name, value in token_ids.items() if value is not None})
    else:
        path.unlink(missing_ok=True)


def write_files(
    folder: Path, weights_name: str, tensors: Mapping[str, Tensor], config_name: str, config: Mapping[str, Any]
) -> None:
    """Write weights and then their config, each file under another name until it is complete.

    Args:
        folder: Where to write; it is made if need be.
        weights_name: Name of the file of weights.
        tensors: The weights by name.
        config_name: Name of the JSON file.
        config: Its contents.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{weights_name}.unfinished"
    try:
        unfinished.touch()
        mode = unfinished.stat().st_mode  # as the umask has it; safetensors lets nobody else read what it writes
        save_file(dict(tensors), unfinished, metadata={"format": "pt"})
        unfinished.chmod(mode)
        unfinished.replace(folder / weights_name)
    finally:
        unfinished.unlink(missing_ok=True)
    write_json(folder / config_name, config)


def find_folder(folder_or_name: str | Path) -> Path:
    """The folder itself, that of a shipped model, or a copy of one on the hub."""
    folder = Path(folder_or_name)
    if folder.is_dir():
        return folder
    if isinstance(folder_or_name, Path) or len(folder.parts) > 2 or folder.is_absolute():
        raise FileNotFoundError(f"there is no folder {folder_or_name}")
    if (SHIPPED / folder_or_name).is_dir():
        return SHIPPED / folder_or_name
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise FileNotFoundError(
            f"{folder_or_name!r} is neither a folder nor a shipped model; "
            "to look for it on the hub, install the extra: pip install 'lmkit-book[hub]'"
        ) from error
    return Path(
        snapshot_download(
            folder_or_name, allow_patterns=[CONFIG, GENERATION_CONFIG, "*.safetensors", INDEX, TOKENIZER, "*.spm"]
        )
    )


def weight_files(folder: Path) -> list[Path]:
    """One file, or those that an index names."""
    index = folder / INDEX
    if (folder / WEIGHTS).is_file() or not index.is_file():
        return [folder / WEIGHTS]
    names = read_json(index)["weight_map"].values()
    return [folder / name for name in sorted(set(names))]


def require_complete(path: Path) -> None:
    """Compare what the header of a file announces with the length of the file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        header_size = struct.unpack("<Q", start)[0] if len(start) == 8 else size
        if 8 + header_size > size:
            raise ValueError(f"{path} is cut short within its header")
        header = json.loads(file.read(header_size))
    header.pop("__metadata__", None)
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        missing = 8 + header_size + entry["data_offsets"][1] - size
        if missing > 0:
            raise ValueError(f"{path} is cut short: tensor {name} lacks its last {missing} bytes")
