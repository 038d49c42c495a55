import pytest
from _sphinx.command_line import Group, Option, as_rst, help_texts, parse_help

from lmkit.cli import COMMANDS

TEXT = """usage: lmkit draw [-h] [OPTIONS]

Draw something.

Twice if need be.

╭─ options ───────────────────────────────╮
│ -h, --help                              │
│       show this help message and exit   │
│ --size INT                              │
│       How large. (default: 3)           │
│ --quick, --no-quick                     │
╰─────────────────────────────────────────╯
╭─ pen options ───────────────────────────╮
│ The pen.                                │
│ ─────────────────────────────────────── │
│ --pen.colour {red,blue}  Its colour.    │
╰─────────────────────────────────────────╯
"""


def test_a_help_text_is_read_as_it_is_printed():
    described = parse_help(TEXT)
    assert described.usage == "lmkit draw [-h] [OPTIONS]"
    assert described.description == "Draw something.\n\nTwice if need be."
    assert described.groups == (
        Group(
            "options",
            "",
            (
                Option("-h, --help", "show this help message and exit"),
                Option("--size INT", "How large. (default: 3)"),
                Option("--quick, --no-quick", ""),
            ),
        ),
        Group("pen options", "The pen.", (Option("--pen.colour {red,blue}", "Its colour."),)),
    )


def test_options_become_targets_of_links():
    lines = as_rst("lmkit draw", parse_help(TEXT))
    assert "   $ lmkit draw [-h] [OPTIONS]" in lines
    assert lines[lines.index(".. option:: --size INT") + 2] == "   How large. (default: 3)"
    assert lines.count(".. program:: lmkit draw") == 2


@pytest.mark.parametrize("text", ["", "usage: lmkit draw", "Traceback (most recent call last):"])
def test_something_else_is_an_error(text):
    with pytest.raises(ValueError, match="not a help text"):
        parse_help(text)


@pytest.fixture(scope="module")
def described():
    return {command: parse_help(text) for command, text in help_texts().items()}


def test_every_command_is_described(described):
    assert list(described) == list(COMMANDS)
    for command, page in described.items():
        assert page.usage.startswith(f"lmkit {command}")
        assert page.description
        for group in page.groups:
            assert group.options
            for option in group.options:
                assert option.meaning, f"lmkit {command} {option.syntax}"
                assert "│" not in option.meaning


def test_options_have_their_defaults(described):
    options = {option.syntax: option.meaning for group in described["train"].groups for option in group.options}
    assert options["--batch-size INT"].endswith("(default: 16)")
    assert options["--model.context-length INT"].endswith("(default: 128)")
