"""Build some pages alone: ``make book PAGES="concepts/attention code/gpt"``.

The table of contents shrinks to these pages, the home page, the glossary and the bibliography. Links to the pages that
are left out lead nowhere; in such a build that is no fault.
"""

import os
import sys
from pathlib import Path

import yaml
from sphinx.application import Sphinx
from sphinx.config import Config

ALWAYS = ("chapters/glossary", "chapters/bibliography")
LEFT_OUT = ("ref", "myst.xref_missing", "toc.not_readable")
"""Kinds of warnings about what the build leaves out."""


def write_contents(pages: list[str], folder: Path) -> Path:
    """Write the smaller table of contents.

    Args:
        pages: Names of pages, as in ``concepts/attention``.
        folder: Where the book is; the file is written to ``_build/pages`` below it.

    Raises:
        ValueError: If there is no such page.
    """
    names = [page.removeprefix("chapters/") for page in pages]
    for name in names:
        if not any((folder / "chapters" / f"{name}{suffix}").exists() for suffix in (".ipynb", ".md")):
            raise ValueError(f"PAGES={name}: there is no chapters/{name}.ipynb or .md")
    files = [f"chapters/{name}" for name in names if name != "index"]
    chapters = [{"file": file} for file in dict.fromkeys([*files, *ALWAYS])]
    contents = {"format": "jb-book", "root": "chapters/index", "chapters": chapters}
    path = folder / "_build" / "pages" / "_toc.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(contents), encoding="utf-8")
    return path


def allow_gaps(app: Sphinx, config: Config) -> None:
    """Say nothing of links to pages that are left out."""
    if os.environ.get("PAGES"):
        config.suppress_warnings = [*config.suppress_warnings, *LEFT_OUT]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("config-inited", allow_gaps)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    try:
        print(write_contents(sys.argv[1:], Path()))
    except ValueError as error:
        sys.exit(str(error))
