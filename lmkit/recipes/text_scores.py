"""How well a language model predicts documents that are arranged like its training data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lmkit.data import encode_corpus
from lmkit.evaluation import TextScore, score_text, token_log_probs
from lmkit.functional import IGNORE_ID, target_log_probs
from lmkit.models import BERT, EncoderDecoder, SpecialIds
from lmkit.tokenizers import Tokenizer

BATCH_SIZE = 32
_WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, kw_only=True)
class DocumentScore:
    """Scores of documents.

    Args:
        text: Loss, perplexity and bits per byte.
        num_words: Words and punctuation marks in the documents.

    Example:
        >>> score = DocumentScore(text=score_text(torch.tensor([-1.0, -2.0]), num_bytes=8), num_words=2)
        >>> score.nats_per_word
        1.5
    """

    text: TextScore
    num_words: int

    @property
    def nats_per_word(self) -> float:
        """Negative log-probability of the documents per word or punctuation mark, in nats."""
        return self.text.total_nats / max(self.num_words, 1)


def score_documents(
    model: Any, tokenizer: Tokenizer, documents: Sequence[str], special_ids: SpecialIds, *, progress: bool = True
) -> DocumentScore:
    """Score documents in the arrangement that the model was trained on.

    A model that was trained on one document per row reads each document by itself, after its start token. A model that
    was trained on a stream reads a stream, with the end token after each document. Either way, the end of each document
    is scored too if the model has an end token; the first token is scored only after a start token.

    Args:
        model: A model that predicts the next token, in evaluation mode.
        tokenizer: The model's.
        documents: The texts.
        special_ids: What the model was trained with, from :func:`lmkit.models.load_special_ids`.
        progress: Whether to show a progress bar.

    Returns:
        The scores.

    Raises:
        ValueError: If there is no document.

    Example:
        >>> from lmkit.models import load_pretrained, load_special_ids, load_tokenizer
        >>> from lmkit.storyworld import StoryWorld
        >>> model, tokenizer = load_pretrained("storyworld-gpt"), load_tokenizer("storyworld-gpt")
        >>> stories = list(StoryWorld().texts(20, seed=2))
        >>> score = score_documents(model, tokenizer, stories, load_special_ids("storyworld-gpt"), progress=False)
        >>> 0.75 < score.nats_per_word < 0.95
        True
    """
    device, context_length = next(model.parameters()).device, model.config.context_length
    end = list(special_ids.end_ids[:1])
    start = [] if special_ids.start_id is None else [special_ids.start_id]
    if special_ids.packed:
        names = {token_id: token for token, token_id in tokenizer.special_tokens.items()}
        end_of_text = names.get(end[0]) if end else None
        stream = encode_corpus(tokenizer, documents, end_of_text=end_of_text, progress=progress)
        start = start or end  # each document follows the end of another one
        log_probs = token_log_probs(
            model, torch.cat([torch.tensor(start, dtype=torch.long), stream]).to(device), context_length=context_length
        )
    else:
        rows = [[*start, *token_ids, *end] for token_ids in tokenizer.encode_batch(documents)]
        log_probs = row_log_probs(model, rows, context_length=context_length)
    num_bytes = sum(len(document.encode("utf-8", "replace")) for document in documents)
    num_words = sum(len(_WORD_OR_MARK.findall(document)) for document in documents)
    return DocumentScore(text=score_text(log_probs.cpu(), num_bytes), num_words=num_words)


@torch.inference_mode()
def row_log_probs(model: nn.Module, rows: Sequence[Sequence[int]], *, context_length: int) -> Float[Tensor, " N"]:
    """Log-probability of every token of each row except its first, each row by itself.

    Args:
        model: Maps token ids to logits.
        rows: Token ids with special tokens. Rows longer than the context are read in overlapping windows.
        context_length: How many tokens the model can read.

    Returns:
        Nats, the rows sorted by length.
    """
    device = next(model.parameters()).device
    by_length = sorted((row for row in rows if len(row) > 1), key=len)
    short = [row for row in by_length if len(row) - 1 <= context_length]
    pieces = [torch.empty(0, device=device)]
    for first in range(0, len(short), BATCH_SIZE):
        batch = [torch.tensor(row) for row in short[first : first + BATCH_SIZE]]
        padded = nn.utils.rnn.pad_sequence(batch, batch_first=True, padding_value=IGNORE_ID).to(device)
        targets = padded[:, 1:]
        log_probs = target_log_probs(model(padded[:, :-1].clamp(min=0)), targets)
        pieces.append(log_probs[targets != IGNORE_ID])
    for row in by_length[len(short) :]:
        pieces.append(token_log_probs(model, torch.tensor(row, device=device), context_length=context_length))
    return torch.cat(pieces)


def require_writer(model: Any, name: str) -> None:
    """Refuse a model that cannot generate text.

    Args:
        model: Any model.
        name: The name that the user gave.

    Raises:
        ValueError: If it is an encoder.
    """
    if isinstance(model, BERT):
        raise ValueError(
            f"model={name!r} is a BERT, an encoder: it fills in masked tokens and cannot continue a text; "
            "give a model that predicts the next token, such as storyworld-gpt"
        )


def require_text_model(model: Any, name: str) -> None:
    """Refuse a model that gives no probability for a text on its own.

    Args:
        model: Any model.
        name: The name that the user gave.

    Raises:
        ValueError: If it is an encoder, or an encoder-decoder, which needs a source.
    """
    require_writer(model, name)
    if isinstance(model, EncoderDecoder):
        raise ValueError(
            f"model={name!r} is an encoder-decoder: it gives a text a probability only for a source; "
            "fine-tune it for translation and give --task translation"
        )
