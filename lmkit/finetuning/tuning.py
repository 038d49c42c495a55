"""Fine-tuning in one call: what is trained, at which learning rate, for how many steps."""

from dataclasses import dataclass, field
from typing import Literal

from torch import nn

from lmkit.data import Batches, prefetch
from lmkit.finetuning.lora import LoRAConfig, add_lora
from lmkit.training import History, Objective, TrainingConfig, fused_adamw, train, warmup_cosine

Method = Literal["full", "lora", "head"]
"""What is trained: the whole model, low-rank updates of its matrices and the head, or only the head."""

LEARNING_RATES: dict[Method, float] = {"full": 1e-3, "lora": 4e-3, "head": 1e-2}
"""Learning rates for models of about a million parameters: the fewer parameters are trained, the higher."""


@dataclass(frozen=True, kw_only=True)
class FineTuningConfig:
    """How :func:`fine_tune` trains.

    Args:
        method: What is trained.
        num_steps: Number of updates.
        batch_size: Examples per update, for the code that makes the batches.
        learning_rate: The maximum, after a warm-up over a twentieth of the steps; then it falls along a cosine to zero.
            ``None`` for the default of the method in :data:`LEARNING_RATES`.
        weight_decay: Decay of the matrices.
        lora: Which layers get low-rank updates, and their size.
        seed: Seed of the initial updates and of dropout.

    Example:
        >>> FineTuningConfig(method="lora", num_steps=100).lora.rank
        8
    """

    method: Method = "full"
    num_steps: int = 300
    batch_size: int = 16
    learning_rate: float | None = None
    weight_decay: float = 0.1
    lora: LoRAConfig = field(default_factory=LoRAConfig)
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the values."""
        for name in ("num_steps", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)} must be at least 1")
        if self.learning_rate is not None and not self.learning_rate > 0:
            raise ValueError(f"learning_rate={self.learning_rate} must be greater than 0")


def fine_tune(
    model: nn.Module, batches: Batches, config: FineTuningConfig, *, objective: Objective, progress: bool = True
) -> History:
    """Fine-tune a model on batches of a task.

    Args:
        model: A pre-trained model, or a head on one; changed in place, and left in evaluation mode. LoRA updates
            are not merged: see :func:`~lmkit.finetuning.lora.merge_lora`.
        batches: Examples of the task; the run ends with them if they end first.
        config: How to train.
        objective: The loss of the task.
        progress: Whether to show a bar.

    Returns:
        What happened.

    Raises:
        ValueError: If only the head is to be trained and the model has none, or LoRA finds no layer.

    Example:
        >>> from lmkit.finetuning import SequenceClassifier, classification_objective, predict_classes
        >>> from lmkit.tasks import LabelledText, classification_batches
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> bert, tokenizer = load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert")
        >>> input_format = standard_format(tokenizer, bert.config.context_length)
        >>> labels, names = ["bad", "good"], ["Anna", "Tom"]
        >>> examples = [LabelledText(text=f"{name} was happy.", label="good") for name in names]
        >>> examples += [LabelledText(text=f"{name} was sad.", label="bad") for name in names]
        >>> batches = classification_batches(examples, labels, input_format, batch_size=4, num_epochs=None)
        >>> model = SequenceClassifier(bert, num_classes=2)
        >>> config = FineTuningConfig(num_steps=24)
        >>> history = fine_tune(model, batches, config, objective=classification_objective, progress=False)
        >>> predict_classes(model, ["Kate was happy.", "Kate was sad."], labels, input_format)
        ['good', 'bad']
    """
    if config.method == "lora":
        add_lora(model, config.lora, seed=config.seed)
    if config.method == "head":
        if not any(name.startswith("head.") for name, _ in model.named_parameters()):
            raise ValueError(f"method='head': {type(model).__name__} has no head to train")
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.startswith("head."))
    learning_rate = config.learning_rate or LEARNING_RATES[config.method]
    history = train(
        model,
        fused_adamw(model, learning_rate, weight_decay=config.weight_decay),
        prefetch(batches, next(model.parameters()).device),
        warmup_cosine(learning_rate, num_steps=config.num_steps, warmup_steps=config.num_steps // 20),
        TrainingConfig(num_steps=config.num_steps, seed=config.seed),
        objective=objective,
        progress=progress,
    )
    model.eval()
    return history
