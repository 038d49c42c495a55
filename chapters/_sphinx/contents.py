"""Write every page again when the table of contents changes: each one shows it in its side bar."""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config


def note_contents(app: Sphinx, config: Config) -> None:
    """Keep a hash of ``_toc.yml`` among the values that, when they change, make Sphinx write all pages."""
    toc = Path(app.srcdir) / config.external_toc_path
    config.contents_hash = hashlib.sha256(toc.read_bytes()).hexdigest()


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_config_value("contents_hash", "", "html")
    app.connect("config-inited", note_contents)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
