"""Training on several devices: which processes take part, what they exchange, and where each tensor's shards are.

The same script runs alone and under ``torchrun --nproc-per-node N``. With DistributedDataParallel every
rank holds the whole model and gradients are averaged; with ``fully_shard`` (FSDP2) each rank holds one
shard of every parameter, of its gradient and of the optimiser's state, and gathers each block when it is needed.
"""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeGuard

import torch
from jaxtyping import Float, Int
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from lmkit.data import Batch
from lmkit.training.objectives import Objective
from lmkit.training.precision import has_bf16_instructions

if TYPE_CHECKING:
    from torch.distributed.tensor import DTensor

Strategy = Literal["ddp", "fsdp"]
"""``"ddp"`` copies the model to every rank; ``"fsdp"`` shards it among them, for models too large for one device."""


def rank() -> int:
    """Return this process's number among those that train together, 0 when there is one.

    Example:
        >>> rank()  # outside of torchrun
        0
    """
    return distributed.get_rank() if distributed.is_initialized() else 0


def world_size() -> int:
    """Return how many processes train together.

    Example:
        >>> world_size()  # outside of torchrun
        1
    """
    return distributed.get_world_size() if distributed.is_initialized() else 1


def pick_device(name: str = "auto") -> torch.device:
    """Choose the device to compute on.

    Args:
        name: ``"auto"`` takes the accelerator if there is one, else the CPU; under ``torchrun`` the one with
            this process's local number. Any other name is PyTorch's own, such as ``"cuda:1"``.

    Returns:
        The device.

    Example:
        >>> pick_device("cpu")
        device(type='cpu')
    """
    if name != "auto":
        return torch.device(name)
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator is None:
        return torch.device("cpu")
    return torch.device(accelerator.type, int(os.environ.get("LOCAL_RANK", 0)))


def machine_name(device: torch.device) -> str:
    """Describe the hardware that a measurement ran on.

    Args:
        device: Where it ran.

    Returns:
        The accelerator's name, or the processor's, whether it multiplies bf16 numbers, and the number of threads.

    Example:
        >>> len(machine_name(torch.device("cpu"))) > 0
        True
    """
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    processor = torch.cpu.get_capabilities().get("cpu_name") or platform.machine()
    if has_bf16_instructions(device):
        processor += " with bf16"
    num_threads = torch.get_num_threads()
    return f"{processor}, {num_threads} {'thread' if num_threads == 1 else 'threads'}"


@contextmanager
def process_group(device: torch.device) -> Iterator[None]:
    """Join the other processes for as long as the context lasts; does nothing unless ``torchrun`` started this one.

    Args:
        device: A GPU is joined by NCCL, a CPU by gloo.

    Example:
        >>> with process_group(torch.device("cpu")):  # outside of torchrun
        ...     print(world_size())
        1
    """
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        yield
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield
    finally:
        distributed.destroy_process_group()


def sum_over_ranks(value: Float[Tensor, "*N"] | Int[Tensor, "*N"]) -> Float[Tensor, "*N"] | Int[Tensor, "*N"]:
    """Add up the numbers of all ranks.

    Args:
        value: This rank's, on its device.

    Returns:
        The same sums on every rank.
    """
    if world_size() > 1:
        value = value.clone()
        distributed.all_reduce(value)
    return value


class _WithObjective(nn.Module):
    """A model and its objective as one module that returns a loss, which is what PyTorch distributes."""

    def __init__(self, model: nn.Module, objective: Objective) -> None:
        super().__init__()
        self.model = model
        self.objective = objective

    def forward(self, batch: Batch) -> Tensor:
        return self.objective(self.model, batch)


def distribute(model: nn.Module, objective: Objective, strategy: Strategy = "ddp") -> Objective:
    """Let the ranks train one model together. Without ``torchrun`` it changes nothing.

    Call it before the optimiser is made: ``"fsdp"`` replaces the parameters by shards of them.

    Args:
        model: The same on every rank; for ``"fsdp"`` changed in place.
        objective: The loss of one rank's batch.
        strategy: How the work is shared.

    Returns:
        An objective for that model alone, whose gradients come out averaged over the ranks.

    Example:
        >>> from lmkit.training import next_token_objective
        >>> distribute(nn.Linear(2, 2), next_token_objective) is next_token_objective  # one process
        True
    """
    if not distributed.is_initialized():
        return objective
    together: nn.Module = _WithObjective(model, objective)
    if strategy == "ddp":
        together = DistributedDataParallel(together, static_graph=True)  # a head may be unused
    else:
        from torch.distributed.fsdp import fully_shard  # takes half a second to import, and most runs do not need it

        for block in stacked_blocks(model):
            fully_shard(block)
        fully_shard(together)
    return lambda model, batch: together(batch)


def stacked_blocks(model: nn.Module) -> list[nn.Module]:
    """Find the blocks that a model is a stack of: the members of its outermost lists of modules.

    Args:
        model: A Transformer, say.

    Returns:
        Its blocks in order; none for a model without lists.
    """
    if isinstance(model, nn.ModuleList):
        return list(model)
    return [block for child in model.children() for block in stacked_blocks(child)]


def is_sharded(tensor: Tensor) -> TypeGuard["DTensor"]:
    """Return whether each rank holds only a shard of a tensor.

    Args:
        tensor: Any tensor.
    """
    return hasattr(tensor, "full_tensor")


def whole(tensor: Tensor) -> Tensor:
    """Gather a tensor that is sharded among the ranks; every rank must call it.

    Args:
        tensor: Any tensor.

    Returns:
        The whole of it, or the tensor itself if it was not sharded.
    """
    return tensor.full_tensor() if is_sharded(tensor) else tensor


def sharded_like(tensor: Tensor, like: Tensor) -> Tensor:
    """Take this rank's shard of a tensor that every rank holds in full.

    Args:
        tensor: A whole tensor.
        like: A tensor of the same shape that is sharded among the ranks, or is not.

    Returns:
        A copy on the device of ``like``, sharded as it is.
    """
    if is_sharded(like):
        from torch.distributed.tensor import distribute_tensor

        return distribute_tensor(tensor.to(like.device), like.device_mesh, like.placements, src_data_rank=None)
    return tensor.to(like.device, copy=True)
