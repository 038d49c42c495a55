"""Words as BERT finds them: controls dropped, whitespace, punctuation and Chinese characters apart."""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

import regex

_CHINESE = (
    r"\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF"
    r"\U00020000-\U0002A6DF\U0002A700-\U0002B81F\U0002B920-\U0002CEAF\U0002F800-\U0002FA1F"
)
_ALONE = rf"\p{{P}}$+<=>\^`|~{_CHINESE}"
_REMOVED = regex.compile(r"(?V1)[[\p{Cc}\p{Cf}\p{Co}\uFFFD]--[\t\n\r]]")
_MARK = regex.compile(r"\p{Mn}+")
_WORD = regex.compile(rf"[{_ALONE}]|[^{_ALONE}]+")


def remove_controls(text: str) -> str:
    r"""Drop control characters, but not whitespace.

    Args:
        text: Any string.

    Returns:
        The rest.

    Example:
        >>> remove_controls("th\u200bree\0\n")
        'three\n'
    """
    return _REMOVED.sub("", text)


def split_at_space(text: str) -> list[str]:
    r"""Drop control characters and split text at whitespace.

    Args:
        text: Any string.

    Returns:
        Pieces without whitespace.

    Example:
        >>> split_at_space("one\ttwo\u00a0 th\u200bree\0")
        ['one', 'two', 'three']
    """
    return remove_controls(text).split()


def bert_words(piece: str, lowercase: bool, strip_accents: bool) -> list[str]:
    """Normalise text without whitespace and split it at punctuation marks and Chinese characters.

    Args:
        piece: Text without whitespace or control characters.
        lowercase: Whether to remove case.
        strip_accents: Whether to remove accents.

    Returns:
        Words and single punctuation marks or Chinese characters.

    Example:
        >>> bert_words("Déjà-vu天地", lowercase=True, strip_accents=True)
        ['deja', '-', 'vu', '天', '地']
    """
    return _WORD.findall(change_letters(piece, lowercase, strip_accents))


def change_letters(text: str, lowercase: bool, strip_accents: bool) -> str:
    """Remove accents and case.

    Args:
        text: Any string.
        lowercase: Whether to remove case.
        strip_accents: Whether to remove accents.

    Returns:
        The text with other letters.

    Example:
        >>> change_letters("Ça va", lowercase=True, strip_accents=True)
        'ca va'
        >>> change_letters("Ça va", lowercase=True, strip_accents=False)
        'ça va'
    """
    if strip_accents:
        text = _MARK.sub("", unicodedata.normalize("NFD", text))
    # one by one: no final sigma, as in BERT's other versions
    return "".join(map(str.lower, text)) if lowercase else text


def placed_words(text: str, lowercase: bool, strip_accents: bool) -> Iterator[tuple[str, list[int]]]:
    """Find the words of a text as :func:`bert_words` does, with the source position of each character.

    Args:
        text: Any string.
        lowercase: Whether to remove case.
        strip_accents: Whether to remove accents.

    Yields:
        Each word, and for each of its characters the index of the character in the text that it came from.

    Example:
        >>> list(placed_words(" Ça !", lowercase=True, strip_accents=True))
        [('ca', [1, 2]), ('!', [4])]
    """
    kept = [(character, place) for place, character in enumerate(text) if not _REMOVED.match(character)]
    for is_space, piece in groupby(kept, lambda placed: placed[0].isspace()):
        if is_space:
            continue
        characters = list(piece)
        if strip_accents:
            parts = [(part, place) for whole, place in characters for part in unicodedata.normalize("NFD", whole)]
            characters = [placed for placed in _in_canonical_order(parts) if not _MARK.match(placed[0])]
        if lowercase:
            characters = [(lower, place) for part, place in characters for lower in part.lower()]
        places = [place for _, place in characters]
        for match in _WORD.finditer("".join(character for character, _ in characters)):
            yield match[0], places[match.start() : match.end()]


def _in_canonical_order(parts: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Sort each run of combining characters by class, as Unicode does after decomposing characters."""
    for _, run in groupby(parts, lambda placed: _combining_class(placed) > 0):
        yield from sorted(run, key=_combining_class)


def _combining_class(placed: tuple[str, int]) -> int:
    return unicodedata.combining(placed[0])
