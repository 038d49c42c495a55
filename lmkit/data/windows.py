"""Windows of a token stream, and the documents in them."""

from collections.abc import Sequence

import torch
from jaxtyping import Int
from torch import Tensor

from lmkit.data.corpus.token_shards import TokenStream


def count_windows(token_stream: TokenStream, context_length: int, extra: int = 0) -> int:
    """Count the windows of a stream that do not overlap.

    Args:
        token_stream: Token ids.
        context_length: Tokens per window.
        extra: Tokens that the last window needs after its end.

    Returns:
        At least 1.

    Raises:
        ValueError: If the stream does not fill one window.
    """
    if context_length < 1:
        raise ValueError(f"context_length={context_length} must be at least 1")
    num_windows = (len(token_stream) - extra) // context_length
    if num_windows < 1:
        raise ValueError(
            f"the token stream has {len(token_stream)} tokens; one window with context_length={context_length} "
            f"needs {context_length + extra}"
        )
    return num_windows


def take_windows(token_stream: TokenStream, starts: Sequence[int], length: int) -> Int[Tensor, "B T"]:
    """Copy some windows of a stream.

    Args:
        token_stream: Token ids, in memory, memory-mapped, or in a folder of shards.
        starts: The position of the first token of each window.
        length: Tokens per window.

    Returns:
        64-bit token ids, one window per row.
    """
    return torch.stack([token_stream[start : start + length].long() for start in starts])


def document_numbers(token_ids: Int[Tensor, "B T"], end_of_text_id: int) -> Int[Tensor, "B T"]:
    """Number the documents of each window from 0; a document's last token is its end of text.

    Args:
        token_ids: Windows of a token stream.
        end_of_text_id: The id that ends a document.

    Returns:
        The number of the document of each token.

    Example:
        >>> document_numbers(torch.tensor([[5, 6, 0, 7, 0, 8]]), end_of_text_id=0).tolist()
        [[0, 0, 0, 1, 1, 2]]
    """
    ends = token_ids == end_of_text_id
    return ends.cumsum(dim=-1) - ends.long()
