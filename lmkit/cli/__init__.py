"""The command ``lmkit``: train on anybody's text, fine-tune for a task, generate, evaluate, tokenize.

Each subcommand is a dataclass, of which tyro makes options and help. What is heavy is imported when
a subcommand is chosen, so that ``lmkit --help`` is quick.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

COMMANDS = {
    "train": "train a language model on any text",
    "pretrain": "make again a model that ships with the package",
    "generate": "continue a prompt",
    "finetune": "let a pre-trained model learn a task, beside a baseline",
    "evaluate": "measure how well a model predicts a text or does a task",
    "tokenize": "show how a text is cut into tokens, or encode a corpus",
}

__all__ = ["COMMANDS", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line.

    Args:
        arguments: Words after ``lmkit``; those of the process otherwise.

    Raises:
        SystemExit: After a mistake in the arguments or the data, with the reason on stderr.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="lmkit",
        description="Language models written to be read.",
        epilog="lmkit COMMAND --help shows the options of a command.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        subparsers.add_parser(name, help=summary, add_help=False)
    chosen = parser.parse_args(words[:1]).command

    import tyro

    command = importlib.import_module(f"lmkit.cli.{chosen}").Command
    try:
        tyro.cli(command, args=words[1:], prog=f"lmkit {chosen}").run()
    except (ValueError, OSError, ImportError) as error:  # the user's, as their messages say what was wrong
        raise SystemExit(f"lmkit {chosen}: {error}") from error
