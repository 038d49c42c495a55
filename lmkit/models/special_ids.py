"""What a model was trained with besides its sizes: which tokens start, end and pad a text, and where documents meet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class SpecialIds:
    """The special tokens of a model's training data, and how documents were laid out in its rows.

    A GPT reads a text of which it has seen the start token, or not; which of the two it was trained on decides
    whether its first prediction makes sense. So this is stored with the model.

    Args:
        start_id: The token before the first token of a text: ``bos_token_id``, or ``decoder_start_token_id`` for the
            target of an encoder-decoder, or ``[CLS]`` for a BERT.
        end_ids: The tokens that end a text, the one of the training data first; any of them ends generation.
        pad_id: The token that fills up a batch.
        starts_texts: Whether every text in training began with ``start_id``, so that every prompt must too. GPT-2's
            do not; those of Llama and of models with one document per row do.
        packed: Whether documents were joined to one stream that was cut into rows anywhere (``lmkit train``, GPT-2,
            Llama). ``False`` for one document per row: such a model should read each document on its own.
        ends_source: Whether the source of an encoder-decoder ended with ``end_ids[0]``.

    Raises:
        ValueError: If an id is negative, or ``starts_texts`` or ``ends_source`` lacks its token.

    Example:
        >>> one_story_per_row = SpecialIds(start_id=5, end_ids=(5,), pad_id=5, starts_texts=True, packed=False)
        >>> one_story_per_row.prompt([1, 2])
        [5, 1, 2]
        >>> SpecialIds(start_id=5, end_ids=(5,)).prompt([1, 2])
        [1, 2]
    """

    start_id: int | None = None
    end_ids: tuple[int, ...] = ()
    pad_id: int | None = None
    starts_texts: bool = False
    packed: bool = True
    ends_source: bool = False

    def __post_init__(self) -> None:
        for token_id in self.ids():
            if token_id < 0:
                raise ValueError(f"special token id {token_id} is negative")
        if self.starts_texts and self.start_id is None:
            raise ValueError("starts_texts=True needs a start_id")
        if self.ends_source and not self.end_ids:
            raise ValueError("ends_source=True needs end_ids")

    def ids(self) -> list[int]:
        """All ids that are known.

        Returns:
            Ids, some of them perhaps more than once.
        """
        return [token_id for token_id in (self.start_id, *self.end_ids, self.pad_id) if token_id is not None]

    def prompt(self, token_ids: Iterable[int]) -> list[int]:
        """Begin a text, or the target of an encoder-decoder, as the training data began.

        Args:
            token_ids: Ids of the text so far, without special tokens.

        Returns:
            The ids, with ``start_id`` in front if every text in training had it, or if there is nothing else.

        Raises:
            ValueError: If there are no ids and the model has no start token.
        """
        text_ids = list(token_ids)
        if self.start_id is not None and (self.starts_texts or not text_ids):
            return [self.start_id, *text_ids]
        if not text_ids:
            raise ValueError("the prompt is empty, and the model has no start token to begin with")
        return text_ids

    def source(self, token_ids: Iterable[int]) -> list[int]:
        """End the source of an encoder-decoder as in training.

        Args:
            token_ids: Ids of the source text, without special tokens.

        Returns:
            The ids, with the end token if the model was trained with it.
        """
        return [*token_ids, *self.end_ids[:1]] if self.ends_source else list(token_ids)


def write_special_ids(special_ids: SpecialIds, *, is_encoder_decoder: bool) -> dict[str, Any]:
    """Say it in the fields of ``config.json``; what ``transformers`` has no field for is under ``"lmkit"``.

    Args:
        special_ids: What the model was trained with.
        is_encoder_decoder: Whether ``start_id`` starts the decoder.

    Returns:
        Entries for ``config.json``.
    """
    end = special_ids.end_ids
    fields: dict[str, Any] = {
        "bos_token_id": None if is_encoder_decoder else special_ids.start_id,
        "eos_token_id": list(end) if len(end) > 1 else end[0] if end else None,
        "pad_token_id": special_ids.pad_id,
    }
    if is_encoder_decoder:
        fields |= {"decoder_start_token_id": special_ids.start_id, "forced_eos_token_id": end[0] if end else None}
    layout = {name: getattr(special_ids, name) for name in ("starts_texts", "packed", "ends_source")}
    return {**fields, "lmkit": layout}


def read_special_ids(
    config: Mapping[str, Any], generation_config: Mapping[str, Any], tokenizer: Mapping[str, Any]
) -> SpecialIds:
    """Read what :func:`write_special_ids` or ``transformers`` wrote.

    Args:
        config: ``config.json``.
        generation_config: ``generation_config.json``, which has the last word about ids; empty if there is none.
        tokenizer: ``tokenizer.json``, whose post-processor says which tokens surround each text where ``config.json``
            has no word about it; empty if there is none.

    Returns:
        What is known.
    """

    def find(name: str) -> Any:
        return config.get(name) if generation_config.get(name) is None else generation_config[name]

    is_encoder_decoder, is_encoder = bool(config.get("is_encoder_decoder")), config.get("model_type") == "bert"
    before, after = surrounding_ids(tokenizer.get("post_processor"))
    start_id = find("decoder_start_token_id" if is_encoder_decoder else "bos_token_id")
    if start_id is None and before and not is_encoder_decoder:
        start_id = before[0]
    end = find("eos_token_id")
    end_ids = after[:1] if end is None else tuple(end) if isinstance(end, list) else (end,)
    layout = config.get("lmkit") or {
        "starts_texts": (is_encoder_decoder and start_id is not None) or (bool(before) and start_id == before[0]),
        "packed": not is_encoder_decoder and not is_encoder,
        "ends_source": is_encoder_decoder and bool(after) and after[:1] == end_ids[:1],
    }
    return SpecialIds(start_id=start_id, end_ids=end_ids, pad_id=find("pad_token_id"), **layout)


def surrounding_ids(post_processor: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Find the tokens that the ``post_processor`` of a ``tokenizer.json`` puts around a single text.

    Args:
        post_processor: The entry; ``None`` if there is none.

    Returns:
        The ids in front of a text and those after it.

    Example:
        >>> surrounding_ids({"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]})
        ((101,), (102,))
    """
    match post_processor:
        case {"type": "Sequence", "processors": [*processors]}:
            found = [surrounding_ids(processor) for processor in processors]
            return tuple(i for before, _ in found for i in before), tuple(i for _, after in found for i in after)
        case {"type": "BertProcessing" | "RobertaProcessing", "cls": [_, cls_id], "sep": [_, sep_id]}:
            return (cls_id,), (sep_id,)
        case {"type": "TemplateProcessing", "single": [*template]}:
            tokens = post_processor["special_tokens"]
            text = next(place for place, part in enumerate(template) if "Sequence" in part)
            before, after = (
                tuple(i for part in parts for i in tokens[part["SpecialToken"]["id"]]["ids"])
                for parts in (template[:text], template[text + 1 :])
            )
            return before, after
    return (), ()
