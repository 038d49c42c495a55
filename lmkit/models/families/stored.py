"""How the tensors of a model are stored in a checkpoint of Hugging Face, and how its config.json is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Stored:
    """How one of our tensors is stored.

    Args:
        names: The stored tensors, of which ours is made by putting their rows below each other.
        rows: How many rows each of several has.
        transposed: Whether rows and columns are exchanged, as in GPT-2.
        as_row: Whether a vector is stored as a matrix with one row.
    """

    names: tuple[str, ...]
    rows: tuple[int, ...] = ()
    transposed: bool = False
    as_row: bool = False

    def put_together(self, pieces: list[Tensor]) -> Tensor:
        """Make our tensor of the stored ones.

        Args:
            pieces: The stored tensors, in the order of their names.

        Returns:
            Our tensor.
        """
        tensor = pieces[0] if len(pieces) == 1 else torch.cat(pieces)
        if self.as_row:
            tensor = tensor.squeeze(0)
        return tensor.T.contiguous() if self.transposed else tensor

    def take_apart(self, tensor: Tensor) -> dict[str, Tensor]:
        """Make the stored tensors of ours.

        Args:
            tensor: Ours.

        Returns:
            The stored tensors by name.
        """
        if self.transposed:
            tensor = tensor.T
        if self.as_row:
            tensor = tensor.unsqueeze(0)
        pieces = tensor.split(self.rows) if self.rows else (tensor,)
        return dict(zip(self.names, pieces, strict=True))


@dataclass(frozen=True)
class Family:
    """Everything that is particular to the checkpoints of one family of models.

    Args:
        model_type: What ``config.json`` calls the family.
        architecture: What it calls the model with all its heads.
        model_class: Ours.
        config_class: Its sizes.
        read_config: Makes our config of theirs, and refuses what our model does not have.
        write_config: Makes theirs of ours.
        as_stored: Turns a config and tensors into those of the model of equal outputs that files can hold.
        tensors: Where each of our tensors is stored; those that are tied to another are left out.
        rename: Turns a name found in a file into today's name, for checkpoints written by older programs.
        head_tensors: A regular expression for our tensors that a file may lack if its ``architectures`` is another than
            ``architecture``, as a BERT trained on masked tokens alone has no pooler.
        ignored: Regular expressions for stored tensors that are fixed, or copies of others.
    """

    model_type: str
    architecture: str
    model_class: Callable[[Any], nn.Module]
    config_class: type
    read_config: Callable[[Mapping[str, Any]], Any]
    write_config: Callable[[Any], dict[str, Any]]
    as_stored: Callable[[Any, dict[str, Tensor]], tuple[Any, dict[str, Tensor]]]
    tensors: Callable[[Any], dict[str, Stored]]
    rename: Callable[[str], str]
    head_tensors: str
    ignored: tuple[str, ...]


def unchanged(config: Any, tensors: dict[str, Tensor]) -> tuple[Any, dict[str, Tensor]]:
    """Hand on a model that files can hold as it is.

    Args:
        config: Its sizes.
        tensors: Its tensors by name.

    Returns:
        The same.
    """
    return config, tensors


def module(
    ours: str, *theirs: str, rows: tuple[int, ...] = (), transposed: bool = False, bias: bool = True
) -> dict[str, Stored]:
    """Say where the weight and the bias of a module are stored.

    Args:
        ours: Name of our module.
        theirs: Names of the stored ones, whose rows ours puts together.
        rows: How many rows each of several has.
        transposed: Whether the weight is stored transposed.
        bias: Whether there is a bias.

    Returns:
        Entries by the names of our tensors.
    """
    kinds = ("weight", "bias") if bias else ("weight",)
    return {
        f"{ours}.{kind}": Stored(
            tuple(f"{name}.{kind}" for name in theirs), rows, transposed=transposed and kind == "weight"
        )
        for kind in kinds
    }


def required(config: Mapping[str, Any], key: str) -> Any:
    """Read a value of ``config.json`` that has no default.

    Args:
        config: The parsed file.
        key: Which value.

    Returns:
        The value.

    Raises:
        ValueError: If it is not there.
    """
    if config.get(key) is None:
        raise ValueError(f"config.json has no {key}")
    return config[key]


def require_value(config: Mapping[str, Any], key: str, *allowed: object) -> None:
    """Refuse a model that ours would compute differently.

    Args:
        config: The parsed file.
        key: Which value to look at.
        allowed: What it may be; the first is the default of a file that does not say.

    Raises:
        ValueError: If it is something else.
    """
    value = config.get(key, allowed[0])
    if value not in allowed:
        raise ValueError(f"config.json has {key}={value!r}; supported: {', '.join(map(repr, allowed))}")
