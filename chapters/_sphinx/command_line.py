"""The reference of the command line: ``{commands}`` describes each subcommand from what ``--help`` prints.

The options are read from the help text and nowhere else, so the page says what a user of the shell sees.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lmkit.cli import COMMANDS

WIDTH = "120"
"""Columns of the terminal that the help is printed for; tyro sets boxes side by side on a wider one."""

_SEPARATOR = "\0"
_PRINT_HELP = f"""
import sys
from lmkit.cli import main
for command in sys.argv[1:]:
    try:
        main([command, "--help"])
    except SystemExit:
        print(end={_SEPARATOR!r})
"""


@dataclass(frozen=True)
class Option:
    """One option or positional argument, as ``--help`` shows it."""

    syntax: str
    meaning: str


@dataclass(frozen=True)
class Group:
    """Options under one title."""

    title: str
    description: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Help:
    """What ``--help`` says about a subcommand."""

    usage: str
    description: str
    groups: tuple[Group, ...]


@cache
def help_texts() -> dict[str, str]:
    """What ``lmkit COMMAND --help`` prints by command.

    In a process of its own: the command line changes docstrings, which the rest of the reference needs as they are.
    """
    environment = os.environ | {"COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    arguments = [sys.executable, "-c", _PRINT_HELP, *COMMANDS]
    printed = subprocess.run(arguments, env=environment, capture_output=True, check=True, encoding="utf-8").stdout
    return dict(zip(COMMANDS, printed.split(_SEPARATOR), strict=False))


def parse_help(text: str) -> Help:
    """Read a help text: the usage, the description, and the boxes with the options.

    Raises:
        ValueError: If there is no usage, or no box.
    """
    head, *boxes = re.split(r"^╭─ (?=\S)", text, flags=re.MULTILINE)
    usage, _, description = head.strip().partition("\n\n")
    if not usage.startswith("usage: ") or not boxes:
        raise ValueError(f"this is not a help text: {text[:200]!r}")
    return Help(" ".join(usage.removeprefix("usage: ").split()), description.strip(), tuple(map(_parse_box, boxes)))


def _parse_box(box: str) -> Group:
    """Read a box: a description above a rule, if there is one, then options with their meanings indented."""
    title, *lines = box.splitlines()
    lines = [line.removeprefix("│ ").rstrip("│ ") for line in lines if line.startswith("│")]
    rule = next((number for number, line in enumerate(lines) if line.startswith("──")), -1)
    options: list[Option] = []
    for line in lines[rule + 1 :]:
        if line.startswith(" "):
            last = options.pop()
            options.append(Option(last.syntax, f"{last.meaning} {line.strip()}".strip()))
        else:
            syntax, _, meaning = re.sub(r"(?<=\S) {2,}(?=\S)", "\0", line).partition("\0")
            options.append(Option(syntax, meaning))
    return Group(title.split(" ─")[0], " ".join(lines[: max(rule, 0)]), tuple(options))


class Commands(SphinxDirective):
    """``{commands}``: a section for each subcommand, with its usage and its options."""

    def run(self) -> list[nodes.Node]:
        """List the subcommands, and describe them in the order in which ``lmkit --help`` lists them."""
        rows = [f"| {summary} | [`lmkit {command}`](#lmkit-{command}) |" for command, summary in COMMANDS.items()]
        overview = self._parse(["| to … | use |", "|---|---|", *rows])
        return [*overview.children, *map(self._section, COMMANDS)]

    def _section(self, command: str) -> nodes.section:
        section = nodes.section("", names=[f"lmkit-{command}"])
        self.state.document.note_explicit_target(section)
        section += nodes.title("", "", nodes.literal("", f"lmkit {command}"))
        described = as_rst(f"lmkit {command}", parse_help(help_texts()[command]))
        section += self._parse(["```{eval-rst}", *described, "```"]).children
        return section

    def _parse(self, lines: list[str]) -> nodes.Element:
        parent = nodes.Element()
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), self.content_offset, parent)
        return parent


def as_rst(program: str, described: Help) -> list[str]:
    """Write a help text in reStructuredText; each option becomes the target of links."""
    lines = [
        ".. code-block:: console",
        "",
        f"   $ {described.usage}",
        "",
        *_plain(described.description).splitlines(),
        "",
    ]
    for group in described.groups:
        lines += [f".. rubric:: {group.title}", "", group.description, "", f".. program:: {program}", ""]
        for option in group.options:
            lines += [f".. option:: {option.syntax}", "", f"   {_plain(option.meaning)}", ""]
    return lines


def _plain(text: str) -> str:
    """Keep two hyphens from becoming a dash."""
    return text.replace("--", r"\-\-")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
