"""Byte-pair encoding at work: the reader moves from single bytes to the full vocabulary."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from lmkit.book.chips import draw_chips, written
from lmkit.book.interactive import InteractiveFigure, make_figure, slider, visible

BYTES = 256


def merge_slider(texts: Mapping[str, Sequence[str]], merges: Sequence[tuple[bytes, bytes]]) -> InteractiveFigure:
    """Show how byte-pair encoding cuts texts; the reader moves the number of merges.

    A move goes to the next merge that changes one of the texts. The still picture shows the texts as bytes, with half
    of these merges, and with all.

    Args:
        texts: The pre-tokens of each text by its name; nothing is merged across their boundaries.
        merges: The merged pairs of byte strings, in order.

    Returns:
        The last value of a cell.

    Raises:
        ValueError: If there is no text, a text is empty, or no merge changes any of the texts.

    Example:
        >>> figure = merge_slider({"English": ["low", " lower"]}, [(b"o", b"w"), (b"l", b"ow")])
        >>> figure.html.count("<i>")  # one for each byte
        9
    """
    if not texts:
        raise ValueError("texts is empty: there is nothing to merge")
    for name, pieces in texts.items():
        if not "".join(pieces):
            raise ValueError(f"texts[{name!r}] is empty: a text has at least one byte")
    gone = {name: _joined(pieces, merges) for name, pieces in texts.items()}
    steps = [0, *sorted({number for numbers in gone.values() for number in numbers if number})]
    if len(steps) == 1:
        raise ValueError(f"none of the {len(merges)} merges changes any of the texts")
    if steps[-1] < len(merges):
        steps.append(len(merges))
    data = {
        "steps": steps,
        "pairs": [[written(token) for token in merges[number - 1]] if number else [] for number in steps],
        "texts": [{"bytes": [*_encoded(pieces)], "gone": gone[name]} for name, pieces in texts.items()],
    }
    return make_figure("merges", _still(texts, gone, steps), _controls(texts, len(steps) - 1), data)


def _joined(pieces: Sequence[str], merges: Sequence[tuple[bytes, bytes]]) -> list[int]:
    """Replay the merges: the number of the merge that joins each two neighbouring bytes, 0 if none does."""
    tokens = [[bytes([byte]) for byte in piece.encode()] for piece in pieces if piece]
    joined = [[0] * (len(piece) - 1) for piece in tokens]
    for number, (left, right) in enumerate(merges, 1):
        for piece, numbers in zip(tokens, joined, strict=True):
            at = 0
            while at + 1 < len(piece):
                if (piece[at], piece[at + 1]) == (left, right):
                    numbers[sum(map(len, piece[: at + 1])) - 1] = number
                    piece[at : at + 2] = [left + right]
                at += 1
    return [number for numbers in joined for number in (*numbers, 0)][:-1]


def cut(text: bytes, gone: Sequence[int], merged: int) -> list[bytes]:
    """Cut a text where its bytes have not been joined by the first ``merged`` merges.

    Example:
        >>> cut(b"low", [2, 1], merged=1)
        [b'l', b'ow']
    """
    starts = [at for at, number in enumerate(gone, 1) if number == 0 or number > merged]
    return [text[start:end] for start, end in pairwise([0, *starts, len(text)])]


def _encoded(pieces: Sequence[str]) -> bytes:
    return "".join(pieces).encode()


def _controls(texts: Mapping[str, Sequence[str]], last: int) -> list[str]:
    parts = [
        f'<div class="controls">{slider("Merges", "step", 0, last, 1, 0)}</div>',
    ]
    for name, pieces in texts.items():
        signs = (
            f'<span class="sign">{"<i></i>" * len(sign.encode())}<b>{escape(visible(sign))}</b></span>'
            for sign in "".join(pieces)
        )
        parts.append(
            f'<p class="legend">{escape(name)}: <span class="number"></span></p>'
            f'<div class="pieces" role="img">{"".join(signs)}</div>'
        )
    return [*parts, '<output class="said"></output>']


def _still(texts: Mapping[str, Sequence[str]], gone: Mapping[str, Sequence[int]], steps: Sequence[int]) -> str:
    rows = {}
    for number in dict.fromkeys((0, steps[len(steps) // 2], steps[-1])):
        for name, pieces in texts.items():
            text = _encoded(pieces)
            tokens = cut(text, gone[name], number)
            title = f"{name}, vocabulary of {BYTES + number:,}: {len(text)} bytes in {len(tokens)} tokens"
            rows[title] = [written(token) for token in tokens]
    return draw_chips(rows)
