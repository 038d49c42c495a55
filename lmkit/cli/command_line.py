"""A command line that can be pasted into a shell."""

import shlex
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

NOT_PART_OF_THE_RESULT = ("device", "progress", "overwrite")
"""Options that change how a command runs, not its result."""


def command_line(name: str, command: Any, *positional: str) -> str:
    """Write a command line with all options that differ from their defaults.

    Args:
        name: The subcommand.
        command: Its options.
        positional: Names of the fields that are positional arguments.

    Returns:
        The command line, quoted for a shell.
    """
    words = [str(getattr(command, field)) for field in positional]
    defaults = {field.name: _default(field) for field in fields(command)}
    for field, default in defaults.items():
        if field not in (*positional, *NOT_PART_OF_THE_RESULT):
            words += _options(field, getattr(command, field), default)
    return shlex.join(["lmkit", name, *words])


def _options(name: str, value: Any, default: Any) -> Iterator[str]:
    if value == default:
        return
    option = name.replace("_", "-")
    if is_dataclass(value):
        for field in fields(value):
            yield from _options(f"{name}.{field.name}", getattr(value, field.name), getattr(default, field.name, None))
    elif isinstance(value, bool):
        yield f"--{option}" if value else f"--no-{option}"
    elif isinstance(value, tuple):
        yield from (f"--{option}", *map(str, value))
    else:
        yield from (f"--{option}", str(value))


def _default(field: Any) -> Any:
    return field.default_factory() if callable(field.default_factory) else field.default
