"""Read and write models in the format of Hugging Face: ``config.json`` and ``model.safetensors``, never a pickle."""

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import safe_open
from torch import Tensor, nn

from lmkit.models.families import FAMILIES, Family
from lmkit.models.model_files import (
    CONFIG,
    GENERATION_CONFIG,
    MARIAN_SOURCE,
    MARIAN_TARGET,
    TOKENIZER,
    WEIGHTS,
    find_folder,
    require_complete,
    weight_files,
    write_files,
    write_generation_config,
)
from lmkit.models.special_ids import SpecialIds, read_special_ids, write_special_ids
from lmkit.nn import tie
from lmkit.tokenizers import (
    BPETokenizer,
    SentencePieceBPETokenizer,
    Tokenizer,
    UnigramTokenizer,
    WordPieceTokenizer,
)
from lmkit.tokenizers.files import read_json

TOKENIZERS: dict[str, type[Tokenizer]] = {
    "BPE": BPETokenizer,
    "WordPiece": WordPieceTokenizer,
    "Unigram": UnigramTokenizer,
}
OTHER_HEADS = r"(classifier|score|qa_outputs)\.(weight|bias)"
"""Heads of fine-tuned models, which are not part of ours; :func:`lmkit.finetuning.load_fine_tuned` reads them."""


def load_pretrained(
    folder_or_name: str | Path,
    *,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Any:
    """Load a GPT, Llama, BERT or EncoderDecoder; ``config.json`` says which.

    A file may hold the model without some of its heads, such as a ``BertForMaskedLM``, which has no pooler. What is
    missing then starts from random numbers, and a warning names it. Heads that fine-tuning has added are left out.

    Args:
        folder_or_name: A folder; or the name of a model that ships with the package, such as ``"storyworld-gpt"``; or,
            with the ``hub`` extra, a name on the Hugging Face hub, such as ``"openai-community/gpt2"``.
        device: Where to put the model.
        dtype: Number format of its weights.

    Returns:
        The model, in evaluation mode.

    Raises:
        FileNotFoundError: If there is no such folder or file.
        ValueError: If the family or one of its options is not supported, a tensor is missing, unexpected or of
            the wrong shape, or a file is cut short; the message names the tensor.

    Example:
        >>> model = load_pretrained("storyworld-gpt")
        >>> type(model).__name__
        'GPT'
    """
    folder = find_folder(folder_or_name)
    their_config = read_json(folder / CONFIG)
    model_type = their_config.get("model_type")
    family = next((family for family in FAMILIES if family.model_type == model_type), None)
    if family is None:
        supported = ", ".join(repr(family.model_type) for family in FAMILIES)
        raise ValueError(f"config.json has model_type={model_type!r}; supported: {supported}")
    config = family.read_config(their_config)
    with torch.device("meta"):  # shapes without numbers, which the file holds
        model: Any = family.model_class(config)
    model.load_state_dict(_read_tensors(folder, family, model, their_config, device, dtype), assign=True, strict=False)
    if config.tie_embeddings:
        tie(model.unembedding, model.token_embedding)
    return model.eval()


def load_tokenizer(folder_or_name: str | Path) -> Tokenizer:
    """Load the tokenizer that a model was trained with, from the ``tokenizer.json`` beside it.

    Args:
        folder_or_name: As in :func:`load_pretrained`, or the path of such a file.

    Returns:
        A byte-level BPE, a SentencePiece BPE, a WordPiece or a Unigram tokenizer, as the file says.

    Raises:
        FileNotFoundError: If there is no such folder or file.
        ValueError: If the file describes another kind of tokenizer, or the folder has Marian's pair of SentencePiece
            models in its place.

    Example:
        >>> tokenizer = load_tokenizer("storyworld-gpt")
        >>> tokenizer.decode(tokenizer.encode("Anna was happy."))
        'Anna was happy.'
    """
    path = Path(folder_or_name)
    if not path.is_file():
        folder = find_folder(folder_or_name)
        path = folder / TOKENIZER
        if not path.is_file() and (folder / MARIAN_SOURCE).is_file():
            raise ValueError(
                f"{folder} has {MARIAN_SOURCE} and {MARIAN_TARGET}, one SentencePiece model for each side, and no "
                f"{TOKENIZER}: encode and decode with transformers.MarianTokenizer, whose ids the model takes"
            )
    contents = read_json(path)
    kind = contents.get("model", {}).get("type")
    if kind not in TOKENIZERS:
        raise ValueError(f"{path} describes a tokenizer of type {kind!r}; supported: {', '.join(TOKENIZERS)}")
    if kind == "BPE" and (contents.get("decoder") or {}).get("type") == "Sequence":  # of bytes, it is ByteLevel
        return SentencePieceBPETokenizer.load(path)
    return TOKENIZERS[kind].load(path)


def load_special_ids(folder_or_name: str | Path) -> SpecialIds:
    """Read what a model was trained with: start, end and padding tokens, and where its documents meet.

    ``config.json`` and ``generation_config.json`` say it. In files that were not written by :func:`save_pretrained`,
    the post-processor of ``tokenizer.json`` says which tokens surround each text.

    Args:
        folder_or_name: As in :func:`load_pretrained`.

    Returns:
        What the files say; what they do not say is ``None``, empty or the custom of the family.

    Raises:
        FileNotFoundError: If there is no such folder or file.

    Example:
        >>> special_ids = load_special_ids("storyworld-gpt")
        >>> special_ids.starts_texts, special_ids.packed  # each story has its own row and follows <|endoftext|>
        (True, False)
    """
    folder = find_folder(folder_or_name)
    config = read_json(folder / CONFIG)
    generation_config, tokenizer = (
        read_json(folder / name) if (folder / name).is_file() else {} for name in (GENERATION_CONFIG, TOKENIZER)
    )
    return read_special_ids(config, generation_config, tokenizer)


def save_pretrained(model: nn.Module, folder: str | Path, *, special_ids: SpecialIds | None = None) -> None:
    """Write a model so that :func:`load_pretrained` and the ``transformers`` library can read it.

    Two options of ours have no place in these formats, so the model of equal outputs is written: a GPT without biases
    comes back with biases of 0, a Llama with the interleaved layout of rotary positions in that of halves.

    Args:
        model: A GPT, Llama, BERT or EncoderDecoder.
        folder: Where to write; it is made if need be, and what it holds of the same names is replaced.
        special_ids: What it was trained with, for ``config.json`` and ``generation_config.json``;
            :func:`load_special_ids` gives it back.

    Raises:
        TypeError: If the model is of none of these classes.
        ValueError: If a special token is not in the vocabulary.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1))
        >>> with TemporaryDirectory() as folder:
        ...     save_pretrained(model, folder)
        ...     print(sorted(path.name for path in Path(folder).iterdir()))
        ['config.json', 'model.safetensors']
    """
    save_with_head(model, folder, {}, {}, special_ids=special_ids)


def save_with_head(
    model: nn.Module,
    folder: str | Path,
    head: Mapping[str, Tensor],
    entries: Mapping[str, Any],
    *,
    special_ids: SpecialIds | None = None,
) -> None:
    """Write a model and, in the same files, a head of another layer of the package.

    Args:
        model: As in :func:`save_pretrained`.
        folder: As there.
        head: Tensors of the head, by the names of ``transformers``.
        entries: What ``config.json`` says of it.
        special_ids: As in :func:`save_pretrained`.

    Raises:
        TypeError: If the model cannot be written.
        ValueError: If a special token is not in the vocabulary, or the model has LoRA layers.
    """
    family = family_of(model)
    config, state = family.as_stored(cast(Any, model.config), model.state_dict())
    tensors: dict[str, Tensor] = {}
    for name, stored in family.tensors(config).items():
        if name not in state:
            raise ValueError(
                f"{type(model).__name__} has no {name}: a model with LoRA layers is saved after merge_lora and "
                "remove_lora, or as an adapter by lmkit.finetuning.save_peft_adapter"
            )
        tensors |= {their_name: piece.contiguous() for their_name, piece in stored.take_apart(state[name]).items()}
    tensors |= {name: tensor.contiguous() for name, tensor in head.items()}
    dtype = str(next(iter(tensors.values())).dtype).removeprefix("torch.")
    their_config = {
        "model_type": family.model_type,
        "architectures": [family.architecture],
        "dtype": dtype,
        **family.write_config(config),
        **entries,
    }
    special = {}
    if special_ids is not None:
        if too_large := [token_id for token_id in special_ids.ids() if token_id >= config.vocab_size]:
            raise ValueError(f"special token id {too_large[0]} must be less than vocab_size={config.vocab_size}")
        special = write_special_ids(special_ids, is_encoder_decoder=their_config.get("is_encoder_decoder", False))
    write_files(Path(folder), WEIGHTS, tensors, CONFIG, their_config | special)
    write_generation_config(Path(folder), {name: value for name, value in special.items() if name != "lmkit"})


def family_of(model: nn.Module) -> Family:
    """Find the format in which a model can be written.

    Args:
        model: A GPT, Llama, BERT or EncoderDecoder.

    Returns:
        Its family.

    Raises:
        TypeError: If the model is of none of these classes; for a head on one, the message says what to call.
    """
    family = next((each for each in FAMILIES if type(getattr(model, "config", None)) is each.config_class), None)
    if family is not None:
        return family
    name = type(model).__name__
    if isinstance(getattr(model, "encoder", None), nn.Module):
        raise TypeError(
            f"{name} is a head: save it with lmkit.finetuning.save_fine_tuned, or save what it stands on, model.encoder"
        )
    raise TypeError(f"{name} has no counterpart among the formats that can be written")


def _read_tensors(
    folder: Path,
    family: Family,
    model: nn.Module,
    their_config: Mapping[str, Any],
    device: torch.device | str,
    dtype: torch.dtype,
) -> dict[str, Tensor]:
    """Read all tensors of a model from the files of a folder."""
    found: dict[str, tuple[Any, str]] = {}
    for path in weight_files(folder):
        require_complete(path)
        file = safe_open(path, framework="pt", device=str(device))
        found |= {family.rename(name): (file, name) for name in file.keys()}  # noqa: SIM118  # it is no dictionary
    expected = model.state_dict()
    architectures = their_config.get("architectures") or [family.architecture]
    state, used, not_trained = {}, set(), []
    for our_name, stored in family.tensors(model.config).items():
        pieces = []
        may_lack = architectures[0] != family.architecture and re.fullmatch(family.head_tensors, our_name)
        if may_lack and not any(name in found for name in stored.names):
            state[our_name] = _start_value(our_name, expected[our_name]).to(device, dtype)
            not_trained.append(our_name)
            continue
        for name, piece in stored.take_apart(expected[our_name]).items():
            if name not in found:
                raise ValueError(f"tensor {name} is missing from {folder}")
            file, name_in_file = found[name]
            tensor = file.get_tensor(name_in_file)
            if tensor.shape != piece.shape:
                raise ValueError(f"tensor {name} has shape {list(tensor.shape)}, expected {list(piece.shape)}")
            pieces.append(tensor.to(dtype))
            used.add(name)
        state[our_name] = stored.put_together(pieces)
    for name in sorted(found.keys() - used):
        if not any(re.fullmatch(pattern, name) for pattern in (*family.ignored, OTHER_HEADS)):
            raise ValueError(f"tensor {name} in {folder} is unexpected in a {family.model_type} model")
    if not_trained:
        warnings.warn(
            f"{folder} holds a {architectures[0]}, without {', '.join(not_trained)}: they start from random numbers",
            stacklevel=3,
        )
    return state


def _start_value(name: str, tensor: Tensor) -> Tensor:
    """What an untrained model has: biases of 0, gains of 1, small random matrices."""
    if tensor.dim() == 1:
        return torch.full(tensor.shape, 0.0 if name.endswith("bias") else 1.0)
    return 0.02 * torch.randn(tensor.shape, generator=torch.Generator().manual_seed(0))
