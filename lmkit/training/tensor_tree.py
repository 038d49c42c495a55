"""Trees of dictionaries, lists, tuples, numbers and tensors, split into a tree for json and tensors by name."""

from typing import Any

from torch import Tensor

TENSOR = "tensor"
"""The only key of the dictionary that represents a tensor; its value is the tensor's name."""

TUPLE = "tuple"
"""The only key of the dictionary that represents a tuple, which JSON lacks; its value is the list of its items."""


def take_tensors(tree: Any) -> tuple[Any, dict[str, Tensor]]:
    """Split a tree. A tensor that occurs twice, such as tied weights, is stored once.

    Args:
        tree: Dictionaries, lists and tuples of numbers, strings and tensors.

    Returns:
        The tree with names in place of tensors and marks in place of tuples, and the tensors by name.

    Example:
        >>> import torch
        >>> weight = torch.ones(2)
        >>> tree, tensors = take_tensors({"lr": 0.1, "state": [weight, weight]})
        >>> tree
        {'lr': 0.1, 'state': [{'tensor': 'state/0'}, {'tensor': 'state/0'}]}
        >>> put_tensors(tree, tensors)["state"][1]
        tensor([1., 1.])
    """
    tensors: dict[str, Tensor] = {}
    names: dict[Any, str] = {}  # by address in memory

    def take(tree: Any, name: str) -> Any:
        if isinstance(tree, dict):
            return {key: take(value, f"{name}/{key}") for key, value in tree.items()}
        if isinstance(tree, list):
            return [take(value, f"{name}/{i}") for i, value in enumerate(tree)]
        if isinstance(tree, tuple):
            return {TUPLE: take(list(tree), name)}
        if not isinstance(tree, Tensor):
            return tree
        place = (tree.device, tree.data_ptr(), tree.shape, tree.stride(), tree.dtype)
        if place not in names:
            names[place] = name.removeprefix("/")
            tensors[names[place]] = tree.detach().contiguous()
        return {TENSOR: names[place]}

    return take(tree, ""), tensors


def put_tensors(tree: Any, tensors: dict[str, Tensor]) -> Any:
    """Undo :func:`take_tensors`.

    Args:
        tree: A tree with names in place of tensors.
        tensors: The tensors by name.

    Returns:
        The tree as it was.
    """
    if isinstance(tree, dict):
        if tree.keys() == {TENSOR}:
            return tensors[tree[TENSOR]]
        if tree.keys() == {TUPLE}:
            return tuple(put_tensors(tree[TUPLE], tensors))
        return {key: put_tensors(value, tensors) for key, value in tree.items()}
    return [put_tensors(value, tensors) for value in tree] if isinstance(tree, list) else tree
