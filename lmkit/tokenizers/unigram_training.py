"""Learn a Unigram vocabulary: start with far too many pieces, fit their probabilities, drop the least useful."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import regex

from lmkit.tokenizers.pretokenize import GPT2_PATTERN, Splitter, count_pieces
from lmkit.tokenizers.unigram import BYTE_PIECES, SPACE, UNKNOWN, UnigramTokenizer

LONGEST_WORD = 32
"""A longer pre-token is split into chunks of this length for training."""
SEEDS_PER_TOKEN = 10
"""Maximum number of initial candidates per token of the vocabulary."""
EM_STEPS = 2
"""How many times the probabilities are fitted before pieces are dropped."""
KEPT_SHARE = 0.75
"""The fraction of pieces kept each time."""
SMALLEST_COUNT = 1e-3
"""No expected count falls below this, so that every piece keeps a probability."""
SCORE_STEP = 2.0**-12
"""Scores are multiples of this, so their sums are exact, and equal in every program that reads the file."""


def train_unigram(
    source: str | Path | Iterable[str],
    vocab_size: int,
    special_tokens: Sequence[str] = (),
    *,
    pattern: str = GPT2_PATTERN,
    byte_fallback: bool = True,
    max_piece_length: int = 16,
    max_alphabet: int = 1000,
    progress: bool = True,
) -> UnigramTokenizer:
    r"""Learn a Unigram tokenizer.

    The candidates are the characters and the substrings of pre-tokens that occur more than once. Their
    probabilities are fitted by expectation maximisation: the expected count of each piece, over all
    segmentations of the text, gives the next probabilities. Then the pieces with the smallest loss are dropped.
    The loss is the expected count times

    $$\log p(x) - \log \sum_{x_1 \cdots x_n = x,\, n > 1} p(x_1) \cdots p(x_n),$$

    so a small loss means that other pieces can replace this one at little cost. This is repeated until
    the vocabulary has the target size.

    Args:
        source: A text, the path of a UTF-8 text file (read in chunks), or documents.
        vocab_size: Target number of tokens, including ``<unk>``, special tokens and bytes. The vocabulary
            stays smaller if the text has too few repeated substrings.
        special_tokens: Strings that get their own id.
        pattern: Splits the text into pre-tokens; no piece crosses their boundaries.
        byte_fallback: Whether unknown characters become bytes, instead of ``<unk>``.
        max_piece_length: Maximum length of a piece in characters.
        max_alphabet: How many distinct characters to keep; rarer ones are unknown.
        progress: Whether to show a progress bar on a terminal.

    Returns:
        The tokenizer. ``<unk>`` has id 0, followed by the special tokens, the bytes and the pieces, most
        probable first.

    Raises:
        ValueError: If there is no text, or ``vocab_size`` cannot hold the characters, bytes and special tokens.

    Source:
        Kudo (2018), section 3.2. SentencePiece computes the loss under the best segmentation and shrinks
        small expected counts; here the sum over all segmentations is used both for fitting and for the loss.

    Example:
        >>> text = "low lower lowest slow slower slowest"
        >>> tokenizer = train_unigram(text, 16, byte_fallback=False)
        >>> [tokenizer.decode([token_id]) for token_id in tokenizer.encode("slower lowest")]
        ['s', 'lower', ' ', 'lowest']
    """
    import numpy as np  # imported here because the tokenizers themselves do not need NumPy
    from tqdm import tqdm

    from lmkit.tokenizers.lattice import Lattice

    reserved = [UNKNOWN, *special_tokens, *(BYTE_PIECES if byte_fallback else ())]
    piece_counts = count_pieces(source, Splitter(pattern), special_tokens)
    characters: defaultdict[str, int] = defaultdict(int)
    for piece, count in piece_counts.items():
        for character in piece.replace(" ", SPACE):
            characters[character] += count
    alphabet = sorted(characters, key=lambda character: (-characters[character], character))[:max_alphabet]
    num_pieces = vocab_size - len(reserved)
    if num_pieces < len(alphabet):
        raise ValueError(
            f"vocab_size={vocab_size} is less than {len(alphabet)} characters + {len(reserved)} reserved tokens; "
            "a smaller max_alphabet helps"
        )
    word_counts = cut_words(piece_counts, alphabet)
    seeds = seed_pieces(word_counts, max_piece_length, SEEDS_PER_TOKEN * vocab_size)
    pieces = [*alphabet, *seeds]
    words, alternatives = Lattice(word_counts, pieces), Lattice(pieces, pieces, whole_words=False)
    counts = np.array(list(word_counts.values()), dtype=float)
    expected = np.array([*map(characters.__getitem__, alphabet), *seeds.values()], dtype=float)
    kept = np.arange(len(pieces))
    with tqdm(total=max(0, len(pieces) - num_pieces), desc="pieces", disable=None if progress else True) as bar:
        while True:
            for _ in range(EM_STEPS):
                expected = np.maximum(words.expected_counts(expected / expected.sum(), counts), SMALLEST_COUNT)
            if len(kept) <= num_pieces:
                break
            probs = expected / expected.sum()
            learned = kept >= len(alphabet)
            loss = np.full(len(kept), np.inf)  # the alphabet is always kept
            alternative_probs = alternatives.probabilities(probs)[kept[learned]]
            loss[learned] = expected[learned] * np.log(probs[learned] / alternative_probs)
            num_kept = max(num_pieces, int(KEPT_SHARE * len(kept)))
            stays = np.sort(np.argsort(-loss, kind="stable")[:num_kept])
            bar.update(len(kept) - num_kept)
            kept, expected = kept[stays], expected[stays]
            words.keep(stays)
            alternatives.keep(stays)

    scores = (np.round(np.log(expected / expected.sum()) / SCORE_STEP) * SCORE_STEP).tolist()
    scored = zip((pieces[index] for index in kept), scores, strict=True)
    vocab = [*((token, 0.0) for token in reserved), *sorted(scored, key=lambda item: (-item[1], item[0]))]
    return UnigramTokenizer(vocab, [UNKNOWN, *special_tokens], pattern=pattern, byte_fallback=byte_fallback)


def expected_piece_counts(word_counts: Mapping[str, int], piece_probabilities: Mapping[str, float]) -> dict[str, float]:
    r"""Count pieces over all segmentations of each word, each weighted by its probability: the E step of EM.

    Args:
        word_counts: How often each word occurs. Each must have a segmentation into the pieces.
        piece_probabilities: The pieces and their probabilities.

    Returns:
        The expected number of occurrences of each piece. Divided by their sum, they are the probabilities of the M
        step.

    Raises:
        ValueError: If a word has no segmentation.

    Source:
        Kudo (2018), section 3.2.

    Example:
        >>> expected_piece_counts({"at": 3}, {"a": 0.5, "t": 0.25, "at": 0.25})  # a·t in one of three
        {'a': 1.0, 't': 1.0, 'at': 2.0}
    """
    import numpy as np

    from lmkit.tokenizers.lattice import Lattice

    lattice = Lattice(word_counts, list(piece_probabilities))
    probabilities = np.array(list(piece_probabilities.values()), dtype=float)
    for word, probability in zip(word_counts, lattice.probabilities(probabilities).tolist(), strict=True):
        if probability == 0:
            raise ValueError(f"word {word!r} has no segmentation into the pieces")
    counts = lattice.expected_counts(probabilities, np.array(list(word_counts.values()), dtype=float))
    return dict(zip(piece_probabilities, counts.tolist(), strict=True))


def cut_words(piece_counts: Mapping[str, int], alphabet: Iterable[str]) -> dict[str, int]:
    """Split pre-tokens at unknown characters and to a length at which sums of products stay accurate.

    Args:
        piece_counts: How often each pre-token occurs.
        alphabet: The known characters.

    Returns:
        How often each word of at most ``LONGEST_WORD`` known characters occurs.

    Example:
        >>> cut_words({" low!?er": 3, "low": 2}, "elorw\N{LOWER ONE EIGHTH BLOCK}")
        {'▁low': 3, 'er': 3, 'low': 2}
    """
    known = regex.compile(f"[{''.join(map(regex.escape, alphabet))}]{{1,{LONGEST_WORD}}}")
    word_counts: defaultdict[str, int] = defaultdict(int)
    for piece, count in piece_counts.items():
        for word in known.findall(piece.replace(" ", SPACE)):
            word_counts[word] += count
    return dict(word_counts)


def seed_pieces(word_counts: Mapping[str, int], max_length: int, max_seeds: int) -> dict[str, int]:
    """Find the candidates: substrings of two characters or more that occur twice or more.

    One that occurs only as part of the same candidate one character longer is left out.

    Args:
        word_counts: How often each word occurs.
        max_length: Maximum length of a substring in characters.
        max_seeds: Maximum number of candidates.

    Returns:
        How often each candidate occurs, ordered by how much text it covers, most first.

    Example:
        >>> seed_pieces({"lower": 1, "lowest": 1, "slow": 1}, max_length=16, max_seeds=100)
        {'low': 3, 'lowe': 2}
    """
    candidates: dict[str, int] = {}
    shorter: dict[str, int] = {}
    for length in range(2, max_length + 2):  # the last round finds nothing and adds those of the maximum length
        counts: defaultdict[str, int] = defaultdict(int)
        for word, count in word_counts.items() if length <= max_length else ():
            for start in range(len(word) - length + 1):
                counts[word[start : start + length]] += count
        repeated = {piece: count for piece, count in counts.items() if count > 1}
        for piece, count in repeated.items():
            for part in (piece[1:], piece[:-1]):
                if shorter.get(part) == count:
                    del shorter[part]
        candidates |= shorter
        shorter = repeated
    by_coverage = sorted(candidates.items(), key=lambda item: (-len(item[0]) * item[1], item[0]))
    return dict(by_coverage[:max_seeds])
