"""Serve everything from the site itself, so that the book works without a network and from disk."""

import shutil
from pathlib import Path

import mathjax
from sphinx.application import Sphinx

MATHJAX = Path(mathjax.__file__).parent / "static" / "mathjax"
# The SVG output carries its glyphs inside the script. The other output loads font files, which a browser
# may refuse to a page that was opened from disk. The folders hold what the context menu can switch on.
MATHJAX_PARTS = ("tex-svg.js", "a11y", "input/tex", "output/svg", "sre", "ui")


def copy_mathjax(app: Sphinx, exception: Exception | None) -> None:
    """Put MathJax into the built site, once."""
    target = Path(app.outdir) / "_static" / "mathjax"
    if exception is not None or app.builder.format != "html" or target.exists():
        return
    unfinished = target.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in MATHJAX_PARTS:
        source, copy = MATHJAX / "es5" / part, unfinished / part
        if source.is_dir():
            shutil.copytree(source, copy)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    shutil.copyfile(MATHJAX / "LICENSE", unfinished / "LICENSE")
    unfinished.rename(target)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
