"""A model with its tokenizer, as ``lmkit train`` leaves them in a folder."""

from pathlib import Path
from typing import Any

import torch

from lmkit.models import load_pretrained, load_tokenizer
from lmkit.models.pretrained import SHIPPED
from lmkit.tokenizers import Tokenizer


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
        ValueError: If a file is not what it should be.
    """
    folder = Path(folder_or_name) if Path(folder_or_name).is_dir() else SHIPPED / folder_or_name
    if not (folder / "config.json").is_file():
        raise FileNotFoundError(f"model={folder_or_name!r} is neither a folder with a model nor the name of one")
    return load_pretrained(folder, device=device), load_tokenizer(folder)
