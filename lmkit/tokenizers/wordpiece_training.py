"""Learn a WordPiece vocabulary."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from lmkit.tokenizers.bpe_training import greater_bytes_first, learn_merges
from lmkit.tokenizers.pretokenize import count_pieces
from lmkit.tokenizers.wordpiece import (
    BERT_SPECIAL_TOKENS,
    CONTINUES,
    LONGEST_WORD,
    WordPieceTokenizer,
    bert_words,
    split_at_space,
)

STARTS = " "
"""Marks the first character of a word. This makes merging easier than a mark on all the others."""


def train_wordpiece(
    source: str | Path | Iterable[str],
    vocab_size: int,
    special_tokens: Sequence[str] = BERT_SPECIAL_TOKENS,
    *,
    lowercase: bool = True,
    max_alphabet: int = 1000,
    progress: bool = True,
) -> WordPieceTokenizer:
    """Learn a WordPiece tokenizer.

    How BERT's vocabulary was learned has not been published. Like the ``tokenizers`` library, we merge
    the most frequent pair, which is BPE on the characters of words, and keep the resulting tokens.
    The rule that is often quoted instead, to merge the pair with the largest count(ab) / (count(a) count(b)),
    favours rare characters that always occur together, and wastes a small vocabulary on them.

    Args:
        source: A text, the path of a UTF-8 text file (read in chunks), or documents.
        vocab_size: Target number of tokens, including characters and special tokens. The vocabulary stays
            smaller if every word becomes a single token before that.
        special_tokens: Strings that get their own id; ``[UNK]`` must be among them.
        lowercase: Whether to remove case and accents.
        max_alphabet: How many distinct characters to keep; words with rarer ones become ``[UNK]``.
        progress: Whether to show a progress bar on a terminal.

    Returns:
        The tokenizer. Special tokens first, then characters, then merged tokens in order.

    Raises:
        ValueError: If there is no text, or ``vocab_size`` cannot hold the characters and special tokens.

    Example:
        >>> list(train_wordpiece("low lower lowest", 14).vocab)
        ['l', '##e', '##o', '##r', '##s', '##t', '##w', '##ow', 'low']
    """
    word_counts: Counter[str] = Counter()
    for piece, count in count_pieces(source, split_at_space, special_tokens).items():
        for word in bert_words(piece, lowercase, strip_accents=lowercase):
            word_counts[word] += count
    characters: Counter[str] = Counter()
    for word, count in word_counts.items():
        for character in word:
            characters[character] += count
    kept = set(sorted(characters, key=lambda character: (-characters[character], character))[:max_alphabet])
    words = [word for word in word_counts if len(word) <= LONGEST_WORD and kept.issuperset(word)]
    alphabet = sorted({symbol for word in words for symbol in _symbols(word)})
    num_merges = vocab_size - len(alphabet) - len(special_tokens)
    if num_merges < 0:
        raise ValueError(
            f"vocab_size={vocab_size} is less than {len(alphabet)} characters, counted apart at the start and "
            f"inside of words, + {len(special_tokens)} special tokens; a smaller max_alphabet helps"
        )
    character_of = {symbol: chr(index) for index, symbol in enumerate(alphabet)}
    coded_counts = {"".join(map(character_of.__getitem__, _symbols(word))): word_counts[word] for word in words}
    encoded_alphabet = [symbol.encode() for symbol in alphabet]
    merges = learn_merges(coded_counts, encoded_alphabet, num_merges, greater_bytes_first, progress)
    symbols = [*alphabet, *((left + right).decode() for left, right in merges)]
    tokens = [symbol[1:] if symbol.startswith(STARTS) else CONTINUES + symbol for symbol in symbols]
    vocab = {token: token_id for token_id, token in enumerate([*special_tokens, *tokens])}
    return WordPieceTokenizer(vocab, special_tokens, lowercase=lowercase)


def _symbols(word: str) -> list[str]:
    return [STARTS + word[0], *word[1:]]
