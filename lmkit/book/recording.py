"""Values that a cell passes to the text of its page."""

from typing import Any

RECORD = "application/papermill.record/"
"""Prefix of the media types of values that are passed on but not shown, as Jupyter Book expects it."""


def glue(name: str, value: Any, *, display: bool = False) -> None:
    """Pass a value to the text of the page, where the role ``glue:text`` shows it.

    Jupyter Book reads it from the outputs of the cell. In a notebook without Jupyter Book the value is recorded and
    nothing shows; in plain Python nothing happens.

    Args:
        name: Name of the value in the text, unique on its page.
        value: What to show. Format numbers, as in ``f"{loss:.2f}"``; otherwise all digits are shown.
        display: Whether the cell also shows the value.

    Example:
        >>> loss = 2.4012
        >>> glue("loss", f"{loss:.2f}")  # the page says {glue:text}`loss`
    """
    shell = _shell()
    if shell is None:
        return
    bundle, metadata = shell.display_formatter.format(value)
    prefix = "" if display else RECORD
    data = {f"{prefix}{kind}": content for kind, content in bundle.items()}
    shell.display_pub.publish(data, metadata={**metadata, "scrapbook": {"name": name, "mime_prefix": prefix}})


def show(text: str) -> None:
    """Show a text below the cell that runs now, if there is one."""
    if (shell := _shell()) is not None:
        shell.display_pub.publish({"text/plain": text}, metadata={})


def in_notebook() -> bool:
    """Whether a cell runs, rather than a program."""
    return _shell() is not None


def _shell() -> Any:
    """IPython's shell, if there is one; IPython is not needed."""
    try:
        from IPython import get_ipython
    except ModuleNotFoundError:
        return None
    return get_ipython()
