"""Save fine-tuned models so that ``transformers`` and ``peft`` read them: heads with labels, LoRA as an adapter."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from lmkit.finetuning.heads import SequenceClassifier, SpanExtractor, TokenTagger
from lmkit.finetuning.lora import LoRAConfig, lora_layers
from lmkit.models import BERT, GPT, Llama, SpecialIds, load_pretrained
from lmkit.models.model_files import read_config, read_tensors, write_files
from lmkit.models.pretrained import family_of, save_with_head

PEFT_WEIGHTS, PEFT_CONFIG = "adapter_model.safetensors", "adapter_config.json"

HEADS: dict[tuple[type, type], tuple[str, str]] = {
    (BERT, SequenceClassifier): ("BertForSequenceClassification", "classifier"),
    (BERT, TokenTagger): ("BertForTokenClassification", "classifier"),
    (BERT, SpanExtractor): ("BertForQuestionAnswering", "qa_outputs"),
    (GPT, TokenTagger): ("GPT2ForTokenClassification", "classifier"),
    (GPT, SpanExtractor): ("GPT2ForQuestionAnswering", "qa_outputs"),
    (Llama, TokenTagger): ("LlamaForTokenClassification", "score"),
}
"""The class in ``transformers`` that computes what an encoder with a head does, and what it calls the head."""
TASK_TYPES = {SequenceClassifier: "SEQ_CLS", TokenTagger: "TOKEN_CLS", SpanExtractor: "QUESTION_ANS"}
"""What ``peft`` calls the tasks of the heads."""


def save_fine_tuned(
    model: nn.Module, folder: str | Path, *, labels: Sequence[str] = (), special_ids: SpecialIds | None = None
) -> None:
    """Save an encoder and its head so that :func:`load_fine_tuned` and the Auto classes of ``transformers`` read them.

    ``transformers`` has no counterpart of :class:`PairRegressor` and :class:`BiEncoder`, and its classifiers for GPT-2
    and Llama have no bias. For those, save ``model.encoder`` with :func:`lmkit.models.save_pretrained` and the head
    separately, as ``lmkit finetune`` does.

    Args:
        model: A ``SequenceClassifier``, ``TokenTagger`` or ``SpanExtractor`` on a BERT, or one of the last two on
            a GPT, or a ``TokenTagger`` on a Llama; without LoRA layers.
        folder: Where to write; created if it is missing. Files of the same names are replaced.
        labels: The names of the classes or tags, in the order of the outputs, for ``id2label``.
        special_ids: See :func:`lmkit.models.save_pretrained`.

    Raises:
        TypeError: If ``transformers`` has no such model.
        ValueError: If there is not exactly one label for each output.

    Example:
        >>> import tempfile
        >>> from lmkit.models import BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=30, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_fine_tuned(SequenceClassifier(bert, 2), folder, labels=["bad", "good"])
        ...     model, labels = load_fine_tuned(folder)
        >>> type(model).__name__, labels
        ('SequenceClassifier', ('bad', 'good'))
    """
    architecture, their_head = _counterpart(model)
    encoder: Any = model.encoder
    head: nn.Linear = model.head  # type: ignore[assignment]  # a module by nn.Module's account
    entries: dict[str, Any] = {"architectures": [architecture]}
    if labels:
        if len(labels) != head.out_features:
            raise ValueError(f"labels={list(labels)} must be {head.out_features}, one for each output")
        entries["id2label"] = {str(number): label for number, label in enumerate(labels)}
        entries["label2id"] = {label: number for number, label in enumerate(labels)}
    elif not isinstance(model, SpanExtractor):
        entries["id2label"] = {str(number): f"LABEL_{number}" for number in range(head.out_features)}
        entries["label2id"] = {label: int(number) for number, label in entries["id2label"].items()}
    tensors = {f"{their_head}.{name}": tensor for name, tensor in head.state_dict().items()}
    save_with_head(encoder, folder, tensors, entries, special_ids=special_ids)


def load_fine_tuned(
    folder_or_name: str | Path, *, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
) -> tuple[SequenceClassifier | TokenTagger | SpanExtractor, tuple[str, ...]]:
    """Load a fine-tuned model that :func:`save_fine_tuned` or ``transformers`` saved.

    Args:
        folder_or_name: As in :func:`lmkit.models.load_pretrained`.
        device: Where to put the model.
        dtype: Data type of its weights.

    Returns:
        The encoder with its head, in evaluation mode, and the labels in the order of the outputs; no labels for spans.

    Raises:
        FileNotFoundError: If there is no such folder or file.
        ValueError: If ``config.json`` names no architecture that we have a head for, or a weight is missing.

    Example:
        >>> import tempfile
        >>> from lmkit.models import BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=30, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_fine_tuned(TokenTagger(bert, 3), folder, labels=["O", "B-name", "I-name"])
        ...     model, labels = load_fine_tuned(folder)
        >>> type(model).__name__, labels
        ('TokenTagger', ('O', 'B-name', 'I-name'))
    """
    config = read_config(folder_or_name)
    architecture = (config.get("architectures") or [None])[0]
    found = next((classes for classes, (name, _) in HEADS.items() if name == architecture), None)
    if found is None:
        supported = ", ".join(name for name, _ in HEADS.values())
        raise ValueError(f"config.json has architecture {architecture!r}; supported: {supported}")
    their_head = HEADS[found][1]
    head = {name: tensor.to(device, dtype) for name, tensor in read_tensors(folder_or_name, f"{their_head}.").items()}
    encoder = load_pretrained(folder_or_name, device=device, dtype=dtype)
    weight = head.get("weight")
    if weight is None:
        raise ValueError(f"tensor {their_head}.weight is missing from {folder_or_name}")
    model: Any = found[1](encoder) if found[1] is SpanExtractor else found[1](encoder, len(weight))
    model.head.load_state_dict(head)
    names = config.get("id2label") or {}
    labels = () if found[1] is SpanExtractor else tuple(names[str(number)] for number in range(len(names)))
    return model.eval(), labels


def save_peft_adapter(model: nn.Module, config: LoRAConfig, folder: str | Path, *, base_model: str = "") -> None:
    """Save LoRA updates, and everything else that was trained, in the format of the ``peft`` library.

    One layer of ours may hold several matrices of ``transformers``, such as queries, keys and values. Each of them gets
    the same ``lora_A`` and its own rows of ``lora_B``, which is the same update.

    Args:
        model: A model with updates that are not merged: a GPT, Llama, BERT or EncoderDecoder, or a head on one that
            :func:`save_fine_tuned` can write.
        config: The config that the updates were added with.
        folder: Where to write; created if it is missing.
        base_model: Name or folder of the model without updates, where ``peft`` looks for it.

    Raises:
        TypeError: If ``transformers`` has no such model.
        ValueError: If there are no updates, they are merged, or a layer with an update is not stored in checkpoints.

    Example:
        >>> import tempfile
        >>> from lmkit.finetuning import add_lora
        >>> from lmkit.models import GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> config = LoRAConfig(rank=2)
        >>> add_lora(model, config)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_peft_adapter(model, config, folder, base_model="my-gpt")
        ...     sorted(path.name for path in Path(folder).iterdir())
        ['adapter_config.json', 'adapter_model.safetensors']
    """
    layers = dict(lora_layers(model))
    if not layers or any(layer.is_merged for layer in layers.values()):
        state = (
            "has merged LoRA updates: call unmerge_lora first" if layers else "has no LoRA updates: call add_lora first"
        )
        raise ValueError(f"{type(model).__name__} {state}")
    has_head = isinstance(getattr(model, "encoder", None), nn.Module)
    base: Any = model.encoder if has_head else model
    prefix, their_head = ("encoder.", _counterpart(model)[1]) if has_head else ("", "")
    family = family_of(base)
    stored = family.tensors(base.config)
    tensors: dict[str, Tensor] = {}
    targets, also_trained = [], set()
    for name, layer in layers.items():
        place = stored.get(f"{name.removeprefix(prefix)}.weight")
        if place is None:
            raise ValueError(f"layer {name} is not stored in a {family.model_type} checkpoint")
        rows = place.rows or (layer.base.out_features,)
        _, stored_up = family.as_stored(base.config, {f"{name}.weight": layer.up})
        for their_name, up in zip(place.names, stored_up[f"{name}.weight"].split(rows), strict=True):
            module_name = their_name.removesuffix(".weight")
            targets.append(module_name)
            tensors |= {f"{module_name}.lora_A.weight": layer.down, f"{module_name}.lora_B.weight": up}
    for name, parameter in model.named_parameters():
        if re.fullmatch(config.also_train, name):
            place = stored.get(name.removeprefix(prefix))
            _, stored_parameter = family.as_stored(base.config, {name: parameter})
            pieces = (
                place.take_apart(stored_parameter[name]) if place else {name.replace("head", their_head, 1): parameter}
            )
            tensors |= pieces
            also_trained |= {piece.rpartition(".")[0] for piece in pieces}
    their_config = {
        "peft_type": "LORA",
        "task_type": TASK_TYPES.get(type(model), "CAUSAL_LM" if isinstance(base, GPT | Llama) else None),
        "base_model_name_or_path": base_model,
        "r": config.rank,
        "lora_alpha": config.alpha,
        "lora_dropout": config.dropout,
        "target_modules": targets,
        "modules_to_save": sorted(also_trained) or None,
        "fan_in_fan_out": isinstance(base, GPT),
        "bias": "none",
        "inference_mode": True,
    }
    saved = {f"base_model.model.{name}": tensor.detach().clone() for name, tensor in tensors.items()}
    write_files(Path(folder), PEFT_WEIGHTS, saved, PEFT_CONFIG, their_config)


def has_counterpart(model: nn.Module) -> bool:
    """Return whether ``transformers`` has this head on this encoder.

    Args:
        model: Any model.

    Returns:
        Whether :func:`save_fine_tuned` can write it.
    """
    return (type(getattr(model, "encoder", None)), type(model)) in HEADS


def _counterpart(model: nn.Module) -> tuple[str, str]:
    if not has_counterpart(model):
        encoder = type(getattr(model, "encoder", None)).__name__
        raise TypeError(
            f"{type(model).__name__} on {encoder} has no counterpart in transformers; there are "
            + ", ".join(f"{head.__name__} on {base.__name__}" for base, head in HEADS)
        )
    return HEADS[type(model.encoder), type(model)]
