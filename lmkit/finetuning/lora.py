"""LoRA: freeze a pre-trained matrix, and train the product of two narrow matrices that is added to it."""

import math
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lmkit.models.model_files import read_adapter, write_adapter
from lmkit.nn import Dropout


@dataclass(frozen=True, kw_only=True)
class LoRAConfig:
    r"""Which layers get low-rank updates, and of which size.

    Args:
        rank: $R$, the rank of the updates.
        alpha: The update is multiplied by ``alpha / rank``, so that its size depends little on the rank.
        dropout: Share of the update's inputs that is set to zero in training.
        layers: Which linear layers get an update: a regular expression that must match their full name in the model.
            The default is all linear layers of attention and feed-forward. Hu et al. (2022) adapt only attention; with
            all of them LoRA matches full fine-tuning (Dettmers et al. 2023, section 4).
        also_train: Which other parameters are trained, and saved with the updates: a regular expression that must match
            their full name. The default is the head.

    Raises:
        ValueError: If a number is out of range.

    Example:
        >>> LoRAConfig(rank=4).alpha
        16.0
    """

    rank: int = 8
    alpha: float = 16.0
    dropout: float = 0.0
    layers: str = r".*(attention|feed_forward)\.\w+"
    also_train: str = r"(head|whiten)\..*"

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.rank < 1:
            raise ValueError(f"rank={self.rank} must be at least 1")
        if not self.alpha > 0:
            raise ValueError(f"alpha={self.alpha} must be greater than 0")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout={self.dropout} must be at least 0 and less than 1")


class LoRALinear(nn.Module):
    r"""A linear layer with a low-rank update.

    $$y = x W^\top + b + \frac{\alpha}{R} \, (x A^\top) B^\top$$

    $B$ is initialised to zero, so at first the layer computes what it did before.

    Args:
        base: The layer; it is frozen.
        config: Rank, scale and dropout.
        generator: Draws the initial $A$.

    Source:
        Hu et al. (2022), section 4.1. They do not say how large the entries of $A$ are at first; our standard deviation
        is $1/\sqrt{d}$ for $d$ inputs, so that $x A^\top$ is about as large as $x$.

    Example:
        >>> layer = LoRALinear(nn.Linear(6, 4), LoRAConfig(rank=2), torch.Generator().manual_seed(0))
        >>> layer.down.shape, layer.up.shape, layer.update().any().item()
        (torch.Size([2, 6]), torch.Size([4, 2]), False)
    """

    def __init__(self, base: nn.Linear, config: LoRAConfig, generator: torch.Generator) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.scale = config.alpha / config.rank
        self.dropout = Dropout(config.dropout)
        self.is_merged = False
        start = torch.randn(config.rank, base.in_features, generator=generator) / math.sqrt(base.in_features)
        self.down = nn.Parameter(start.to(base.weight))
        self.up = nn.Parameter(base.weight.new_zeros(base.out_features, config.rank))

    def forward(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B F"]:
        """Apply the layer and its update."""
        y: Tensor = self.base(x)
        return y if self.is_merged else y + (self.dropout(x) @ self.down.T) @ self.up.T * self.scale

    @property
    def weight(self) -> Tensor:
        """The matrix with its update, without dropout, for code that applies the matrix itself."""
        return self.base.weight if self.is_merged else self.base.weight + self.update()

    @property
    def bias(self) -> Tensor | None:
        """The bias, which has no update."""
        return self.base.bias

    def update(self) -> Float[Tensor, "F D"]:
        """What is added to the matrix."""
        return self.up @ self.down * self.scale


def add_lora(model: nn.Module, config: LoRAConfig, *, seed: int = 0) -> None:
    """Add low-rank updates to linear layers of a model, and freeze everything else that the config does not name.

    Create the optimiser afterwards.

    Args:
        model: Any model, changed in place. At first it computes what it did before.
        config: Which layers, and the size of the updates.
        seed: Seed of the initial weights.

    Raises:
        ValueError: If the model already has updates, no layer name matches, or a matching layer shares its matrix with
            another module, as a tied unembedding does.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2))
        >>> logits = model(torch.tensor([[1, 2]]))
        >>> add_lora(model, LoRAConfig(rank=2))
        >>> torch.equal(model(torch.tensor([[1, 2]])), logits)  # nothing has changed yet
        True
        >>> {name.split(".")[-1] for name, weight in model.named_parameters() if weight.requires_grad} == {"down", "up"}
        True
    """
    if next(lora_layers(model), None) is not None:
        raise ValueError("the model already has LoRA layers; call merge_lora and remove_lora first")
    chosen = [
        (name, module)
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and re.fullmatch(config.layers, name)
    ]
    if not chosen:
        raise ValueError(f"layers={config.layers!r} matches no linear layer of {type(model).__name__}")
    owners: dict[Tensor, list[str]] = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        owners.setdefault(parameter, []).append(name)
    for name, layer in chosen:
        if len(owners[layer.weight]) > 1:
            raise ValueError(
                f"layers={config.layers!r} matches {name}, whose matrix is also known as "
                f"{' and '.join(owner for owner in owners[layer.weight] if owner != f'{name}.weight')}: "
                "an update of one would not be one of the other"
            )
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(re.fullmatch(config.also_train, name) is not None)
    generator = torch.Generator().manual_seed(seed)
    for name, layer in chosen:
        model.set_submodule(name, LoRALinear(layer, config, generator))


def lora_layers(model: nn.Module) -> Iterator[tuple[str, LoRALinear]]:
    """Iterate over the layers with updates.

    Args:
        model: Any model.

    Yields:
        The name of each layer, and the layer.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> add_lora(model, LoRAConfig(rank=2, layers=r".*attention.*"))
        >>> [name for name, layer in lora_layers(model)]
        ['layers.0.attention.qkv', 'layers.0.attention.output']
    """
    for name, module in model.named_modules():
        if isinstance(module, LoRALinear):
            yield name, module


@torch.no_grad()
def merge_lora(model: nn.Module) -> None:
    """Add all updates to their matrices, so that the model is as fast as without LoRA.

    Args:
        model: Changed in place; up to rounding and dropout it computes what it did before.

    Raises:
        ValueError: If the updates are already merged, or there are none.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=2, num_heads=2))
        >>> add_lora(model, LoRAConfig(rank=2))
        >>> merge_lora(model)
        >>> remove_lora(model)
        >>> type(model.layers[0].attention.qkv).__name__
        'Linear'
    """
    for layer in _layers_with(model, is_merged=False):
        layer.base.weight += layer.update()
        layer.is_merged = True


@torch.no_grad()
def unmerge_lora(model: nn.Module) -> None:
    """Subtract all updates from their matrices again.

    Args:
        model: Changed in place.

    Raises:
        ValueError: If the updates are not merged.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> add_lora(model, LoRAConfig(rank=2))
        >>> merge_lora(model)
        >>> unmerge_lora(model)  # the updates can be trained again
        >>> any(layer.is_merged for name, layer in lora_layers(model))
        False
    """
    for layer in _layers_with(model, is_merged=True):
        layer.base.weight -= layer.update()
        layer.is_merged = False


def remove_lora(model: nn.Module) -> None:
    """Replace each LoRA layer by its plain layer, which includes the update if it was merged.

    The model can then be saved like any other.

    Args:
        model: Changed in place. Frozen parameters stay frozen.

    Example:
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> names = list(model.state_dict())
        >>> add_lora(model, LoRAConfig(rank=2))
        >>> remove_lora(model)
        >>> list(model.state_dict()) == names
        True
    """
    for name, layer in list(lora_layers(model)):
        model.set_submodule(name, layer.base)


def save_adapter(model: nn.Module, config: LoRAConfig, folder: Path) -> None:
    """Save the updates and everything else that was trained, without the model.

    Args:
        model: A model with updates.
        config: The config that they were added with.
        folder: Where to write; created if it is missing.

    Raises:
        ValueError: If there are no updates.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> config = LoRAConfig(rank=2)
        >>> add_lora(model, config)
        >>> with TemporaryDirectory() as folder:
        ...     save_adapter(model, config, Path(folder))
        ...     sorted(path.name for path in Path(folder).iterdir())
        ['adapter.json', 'adapter.safetensors']
    """
    if next(lora_layers(model), None) is None:
        raise ValueError("the model has no LoRA layers")
    write_adapter(
        {name: parameter.detach() for name, parameter in _adapter(model, config).items()}, asdict(config), folder
    )


@torch.no_grad()
def load_adapter(model: nn.Module, folder: Path) -> LoRAConfig:
    """Add updates to a model and load their saved values.

    Args:
        model: The model as it was before LoRA; changed in place.
        folder: Where :func:`save_adapter` wrote.

    Returns:
        The config that the updates were added with.

    Raises:
        FileNotFoundError: If there is no adapter in the folder.
        ValueError: If it belongs to another model; the message names a tensor.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.models import GPT, GPTConfig
        >>> config = GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2)
        >>> trained, model = GPT(config), GPT(config)  # the same starting values
        >>> add_lora(trained, LoRAConfig(rank=2))
        >>> _ = trained.layers[0].attention.qkv.up.data.fill_(0.1)  # stands in for training
        >>> with TemporaryDirectory() as folder:
        ...     save_adapter(trained, LoRAConfig(rank=2), Path(folder))
        ...     _ = load_adapter(model, Path(folder))
        >>> token_ids = torch.tensor([[1, 2]])
        >>> torch.equal(model(token_ids), trained(token_ids))
        True
    """
    tensors, fields = read_adapter(folder)
    config = LoRAConfig(**fields)
    add_lora(model, config)
    parameters = _adapter(model, config)
    for name in sorted(parameters.keys() | tensors.keys()):
        if name not in parameters or name not in tensors:
            raise ValueError(f"tensor {name} is {'missing from' if name in parameters else 'unexpected in'} {folder}")
        if tensors[name].shape != parameters[name].shape:
            raise ValueError(
                f"tensor {name} has shape {list(tensors[name].shape)}, expected {list(parameters[name].shape)}"
            )
    for name, parameter in parameters.items():
        parameter.copy_(tensors[name])
    return config


def _adapter(model: nn.Module, config: LoRAConfig) -> dict[str, nn.Parameter]:
    """The parameters that an adapter consists of."""
    updates = {f"{name}.{part}" for name, _ in lora_layers(model) for part in ("down", "up")}
    return {
        name: parameter
        for name, parameter in model.named_parameters()
        if name in updates or re.fullmatch(config.also_train, name)
    }


def _layers_with(model: nn.Module, is_merged: bool) -> list[LoRALinear]:
    layers = [layer for _, layer in lora_layers(model)]
    if not layers or any(layer.is_merged != is_merged for layer in layers):
        state = (
            "there are none" if not layers else "they are already merged" if not is_merged else "they are not merged"
        )
        raise ValueError(f"the model's LoRA layers cannot be {'un' if is_merged else ''}merged: {state}")
    return layers
