"""The command ``lmkit``: train on your own text, fine-tune for a task, predict, generate, evaluate, tokenize.

Each subcommand is a dataclass. Its options and their help come from its fields and docstring, through tyro. Heavy
imports wait until a subcommand is chosen, so that ``lmkit --help`` is quick.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from lmkit import __version__
from lmkit.cli.plain_help import plain_docstrings

COMMANDS = {
    "train": "train a language model on any text",
    "pretrain": "remake a model that ships with the package",
    "generate": "continue a prompt",
    "finetune": "teach a pre-trained model a task and compare it with a baseline",
    "predict": "run a fine-tuned model on your own texts",
    "evaluate": "measure how well a model predicts a text or does a task",
    "tokenize": "show how a text is split into tokens, or encode a corpus",
}

INTERRUPTED = 130
"""Exit status after Ctrl-C, as in shells."""

__all__ = ["COMMANDS", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line.

    Args:
        arguments: The words after ``lmkit``; ``None`` for those of the process.

    Raises:
        SystemExit: After a mistake in the arguments or the data, with the reason on stderr.

    Example:
        >>> main(["tokenize", "--tokenizer", "storyworld-gpt", "--text", "red kite"])
            114  'r'
            283  'ed'
            681  ' kite'
        3 tokens for 8 bytes
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="lmkit",
        description="Language models written to be read.",
        epilog="lmkit COMMAND --help shows the options of a command.",
    )
    parser.add_argument("--version", action="version", version=f"lmkit {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        subparsers.add_parser(name, help=summary, add_help=False)
    chosen = parser.parse_args(words[:1]).command

    import tyro

    command = importlib.import_module(f"lmkit.cli.{chosen}").Command
    plain_docstrings(command)
    try:
        tyro.cli(command, args=words[1:], prog=f"lmkit {chosen}").run()
    except (ValueError, OSError, ImportError, FloatingPointError) as error:  # the message says what to change
        raise SystemExit(f"lmkit {chosen}: {error}") from error
    except KeyboardInterrupt as error:
        print(f"lmkit {chosen}: interrupted", file=sys.stderr)
        raise SystemExit(INTERRUPTED) from error
