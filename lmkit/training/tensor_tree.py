"""Trees of dictionaries, lists, numbers and tensors, parted into a tree for json and tensors by name."""

from typing import Any

from torch import Tensor

TENSOR = "tensor"
"""The only key of the dictionary that stands for a tensor; its value is the tensor's name."""


def take_tensors(tree: Any) -> tuple[Any, dict[str, Tensor]]:
    """Part a tree. A tensor that occurs twice, such as tied weights, is taken once.

    Args:
        tree: Dictionaries, lists and tuples of numbers, strings and tensors.

    Returns:
        The tree with names in place of tensors, and the tensors by name.

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
    names: dict[Any, str] = {}  # by the place in memory

    def take(tree: Any, name: str) -> Any:
        if isinstance(tree, dict):
            return {key: take(value, f"{name}/{key}") for key, value in tree.items()}
        if isinstance(tree, list | tuple):
            return [take(value, f"{name}/{i}") for i, value in enumerate(tree)]
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
        The tree with its tensors; tuples have become lists.
    """
    if isinstance(tree, dict):
        if tree.keys() == {TENSOR}:
            return tensors[tree[TENSOR]]
        return {key: put_tensors(value, tensors) for key, value in tree.items()}
    return [put_tensors(value, tensors) for value in tree] if isinstance(tree, list) else tree
