"""Sphinx extensions of this book: how its pages are executed, drawn, checked, documented and kept offline."""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx: switch all of them on."""
    for name in (
        "addresses",
        "assignments",
        "execution",
        "running",
        "some_pages",
        "contents",
        "offline",
        "one_page",
        "diagrams",
        "moving",
        "equations",
        "claims",
        "origins",
        "measures",
        "downloads",
        "api_reference",
        "explained_in",
        "folding",
        "typography",
        "command_line",
        "accessibility",
    ):
        app.setup_extension(f"_sphinx.{name}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
