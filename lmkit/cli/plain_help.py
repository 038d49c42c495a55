"""Help in plain text: docstrings without the markup that is meant for the book's reference."""

import re
from dataclasses import fields, is_dataclass

_ROLE = re.compile(r":\w+:`~?(?:[\w.]+\.)?(\w+)`")
_CODE = re.compile(r"``(.+?)``")


def plain_docstrings(command: type) -> None:
    """Remove the markup from the docstrings of a command and of the dataclasses in its fields.

    Args:
        command: A dataclass. Its docstring, from which tyro generates the help, is changed in place.
    """
    command.__doc__ = plain(command.__doc__ or "")
    for field in fields(command):
        if isinstance(field.type, type) and is_dataclass(field.type):
            plain_docstrings(field.type)


def plain(docstring: str) -> str:
    """Remove the markup from a docstring.

    Args:
        docstring: In reStructuredText.

    Returns:
        The same text with plain names.

    Example:
        >>> plain("See :func:`~lmkit.training.train`; ``None`` for :class:`Batch`.")
        'See train; None for Batch.'
    """
    return _CODE.sub(r"\1", _ROLE.sub(r"\1", docstring))
