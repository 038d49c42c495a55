"""Learn byte-pair encoding: repeatedly merge the most frequent pair of tokens."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from operator import add
from pathlib import Path
from typing import Any, Literal

from lmkit.tokenizers.bpe import BYTE_ORDER, BPETokenizer
from lmkit.tokenizers.pretokenize import GPT2_PATTERN, Splitter, count_pieces

COMPLEMENT = bytes(range(255, -1, -1))


def train_bpe(
    source: str | Path | Iterable[str],
    vocab_size: int,
    special_tokens: Sequence[str] = (),
    *,
    pattern: str = GPT2_PATTERN,
    tie_break: Literal["greater_bytes", "lower_ids"] = "greater_bytes",
    progress: bool = True,
) -> BPETokenizer:
    """Learn a byte-level BPE tokenizer.

    Args:
        source: A text, the path of a UTF-8 text file (read in chunks), or documents.
        vocab_size: Target number of tokens, including the 256 bytes and the special tokens. The vocabulary
            stays smaller if every pre-token becomes a single token before that.
        special_tokens: Strings that get their own id and are never merged across.
        pattern: Splits the text into pre-tokens; nothing is merged across their boundaries either.
        tie_break: Which of several pairs with the same count is merged first. ``"greater_bytes"``: the
            lexicographically greater pair of byte strings. ``"lower_ids"``: the pair of earlier tokens, which
            is how the ``tokenizers`` library chooses, so the merges match its own.
        progress: Whether to show a progress bar on a terminal.

    Returns:
        The tokenizer. Ids 0 to 255 are the bytes, followed by the merges in order, then the special tokens.

    Raises:
        ValueError: If there is no text, or ``vocab_size`` cannot hold the bytes and the special tokens.

    Source:
        Sennrich, Haddow and Birch (2016), algorithm 1, on bytes as in Radford et al. (2019), section 2.2.

    Example:
        >>> train_bpe("low lower lowest", vocab_size=258).merges
        [(b'o', b'w'), (b'l', b'ow')]
    """
    num_merges = vocab_size - 256 - len(special_tokens)
    if num_merges < 0:
        raise ValueError(f"vocab_size={vocab_size} is less than 256 bytes + {len(special_tokens)} special tokens")
    piece_counts = count_pieces(source, Splitter(pattern), special_tokens)
    word_counts = {piece.encode().decode("latin-1"): count for piece, count in piece_counts.items()}
    tie_key = greater_bytes_first if tie_break == "greater_bytes" else lower_ids_first
    merges = learn_merges(word_counts, [bytes([byte]) for byte in range(256)], num_merges, tie_key, progress)
    return BPETokenizer(merges, special_tokens, pattern=pattern)


def learn_merges(
    word_counts: Mapping[str, int],
    alphabet: Sequence[bytes],
    num_merges: int,
    tie_key: Callable[[int, bytes], Any],
    progress: bool = False,
) -> list[tuple[bytes, bytes]]:
    r"""Merge the most frequent pair of adjacent tokens, ``num_merges`` times.

    A word is a string in which the character ``chr(i)`` represents token ``i``. A pair is a string of two
    characters, and ``str.split`` finds it.

    Recounting after every merge would cost $O(\text{merges} \times \text{corpus})$. An index of the words
    that contain each pair limits the work of a merge to the words it changes. The heap keeps the counts
    from when they were pushed. Since merging can only lower the count of an older pair, a stale entry comes
    up too early but never too late, and is corrected then. Only pairs with the new token have to be pushed.

    Args:
        word_counts: How often each word occurs.
        alphabet: The tokens to start from.
        num_merges: How many merges to learn, if the words allow that many.
        tie_key: Turns the index and bytes of a token into a sort key. Of pairs with the same count, the one
            with the smaller keys is merged first.
        progress: Whether to show a progress bar on a terminal.

    Returns:
        The merged pairs, in order.
    """
    from tqdm import tqdm  # imported here because it takes longer than all of the tokenizers

    tokens = list(alphabet)
    keys = [tie_key(index, token) for index, token in enumerate(tokens)]
    words, counts = list(word_counts), list(word_counts.values())
    pair_counts: defaultdict[str, int] = defaultdict(int)
    words_with: defaultdict[str, list[int]] = defaultdict(list)
    for index, word in enumerate(words):
        for pair in map(add, word, word[1:]):
            pair_counts[pair] += counts[index]
            words_with[pair].append(index)

    def heap_entry(pair: str) -> tuple[int, Any, Any, str]:
        return -pair_counts[pair], keys[ord(pair[0])], keys[ord(pair[1])], pair

    heap = [heap_entry(pair) for pair in pair_counts]
    heapify(heap)
    merges: list[tuple[bytes, bytes]] = []
    with tqdm(total=num_merges, desc="merges", disable=None if progress else True) as bar:
        while heap and len(merges) < num_merges:
            negative_count, *_, pair = heappop(heap)
            if pair_counts[pair] != -negative_count:  # the count has fallen since it was pushed
                if pair_counts[pair] > 0:
                    heappush(heap, heap_entry(pair))
                continue

            left, right = tokens[ord(pair[0])], tokens[ord(pair[1])]
            merges.append((left, right))
            tokens.append(left + right)
            keys.append(tie_key(len(keys), left + right))
            new_pairs = _merge(pair, chr(len(tokens) - 1), words, counts, words_with.pop(pair), pair_counts)
            words_with.update(new_pairs)
            for new_pair in new_pairs:
                heappush(heap, heap_entry(new_pair))
            bar.update()
    return merges


def _merge(
    pair: str,
    merged: str,
    words: list[str],
    counts: list[int],
    candidates: Iterable[int],
    pair_counts: dict[str, int],
) -> dict[str, list[int]]:
    """Merge a pair in the words that may contain it; return the new pairs, each with its words."""
    left, right = pair[0], pair[1]
    new_pairs: defaultdict[str, list[int]] = defaultdict(list)
    for index in candidates:
        head, *tails = words[index].split(pair)
        if not tails:  # other merges have broken up the pair
            continue
        words[index] = merged.join((head, *tails))
        count = counts[index]
        before = head[-1:]
        for tail in tails:  # between ``before`` and ``tail``, left and right become one token
            if before:
                pair_counts[(right if before == merged else before) + left] -= count
                pair_counts[before + merged] += count
                new_pairs[before + merged].append(index)
            if tail:
                pair_counts[right + tail[0]] -= count
                pair_counts[merged + tail[0]] += count
                new_pairs[merged + tail[0]].append(index)
            before = tail[-1:] or merged
    return new_pairs


def greater_bytes_first(index: int, token: bytes) -> str:
    """Give the lexicographically greater of two tokens the smaller key.

    Args:
        index: Not used.
        token: The token's bytes.

    Returns:
        The complement of each byte, then a final character greater than all of them, so that a token
        sorts before its own prefixes.
    """
    return token.translate(COMPLEMENT).decode("latin-1") + "\u0100"


def lower_ids_first(index: int, token: bytes) -> int:
    """Order tokens by when they were created, and bytes by the characters GPT-2 writes for them.

    Args:
        index: The token's index.
        token: The token's bytes.

    Returns:
        A smaller number for an earlier token.
    """
    return BYTE_ORDER.index(token[0]) if len(token) == 1 else index
