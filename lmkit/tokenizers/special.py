"""Strings that need care: special tokens and surrogates."""

from collections.abc import Iterable

import regex


def special_token_pattern(special_tokens: Iterable[str]) -> regex.Pattern[str]:
    """Compile the pattern that matches special tokens, longest first.

    Args:
        special_tokens: Distinct strings, none of them empty.

    Returns:
        A pattern with one group. It never matches if there are no special tokens.

    Raises:
        ValueError: If a token is empty, appears twice, or contains half of a surrogate pair, which no text does.
    """
    tokens = list(special_tokens)
    for position, token in enumerate(tokens):
        if not token:
            raise ValueError(f"special_tokens={tokens} holds an empty string")
        if replace_surrogates(token) != token:
            raise ValueError(f"special token {token!r} holds half of a surrogate pair, which is not a character")
        if token in tokens[:position]:
            raise ValueError(f"special_tokens={tokens} holds {token!r} twice")
    alternatives = "|".join(map(regex.escape, sorted(tokens, key=len, reverse=True)))
    return regex.compile(f"({alternatives or '(?!)'})")


def replace_surrogates(text: str) -> str:
    r"""Join surrogate pairs and replace lone surrogates, which UTF-8 cannot represent, with U+FFFD.

    Args:
        text: Any string.

    Returns:
        A string that can be encoded as UTF-8.

    Example:
        >>> replace_surrogates("\ud83d\ude00") == "\U0001f600", replace_surrogates("a\ud83d") == "a\ufffd"
        (True, True)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
