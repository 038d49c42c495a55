"""Keep the execution cache honest, and each page within its time.

The cache of executed notebooks knows only the notebooks themselves. Here its folder is named after a hash of
everything else that a page's output rests on: the package, the results of experiments, and the versions of what they
use. When that changes, Sphinx reads every page again and finds an empty cache, so every page is executed again.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import JupyterCacheAbstract
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

PAGE_BUDGET_SECONDS = 120.0
"""No page of the book may take longer than this on one of two cores, while another page takes the other."""

logger = logging.getLogger(__name__)


@contextmanager
def open_cache(path: str) -> Iterator[JupyterCacheAbstract]:
    """Open the cache of executed notebooks, and close its database in the end."""
    cache = get_cache(path)
    try:
        yield cache
    finally:
        cache.db.dispose()


def execution_key(root: Path) -> str:
    """Hash of the names and contents of all that a page's output rests on, apart from the page.

    Args:
        root: The folder that holds ``lmkit/``, ``chapters/_experiments/`` and ``constraints.txt``.

    Returns:
        Sixteen hexadecimal digits.
    """
    package = [path for path in (root / "lmkit").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    digest = hashlib.sha256()
    results = (root / "chapters" / "_experiments").glob("*.json")
    hiding = (root / "chapters" / "_sphinx").glob("core_only.py")  # decides what a page can import
    for path in sorted([*package, *results, *hiding, root / "constraints.txt"]):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def choose_cache(app: Sphinx, config: Config) -> None:
    """Point myst-nb at the cache that belongs to the current key, and delete the others."""
    caches = Path(app.srcdir) / "_build" / ".jupyter_cache"
    cache = caches / execution_key(Path(app.srcdir))
    for old in caches.glob("*"):
        if old.is_dir() and old != cache:
            shutil.rmtree(old)
    cache.mkdir(parents=True, exist_ok=True)
    # This is an "env" value of Sphinx: a different path makes it read every page again.
    config.nb_execution_cache_path = str(cache)
    if not os.environ.get("CI"):
        config.nb_execution_timeout = -1  # a slow machine may take its time


def seconds_per_page(env: BuildEnvironment) -> dict[str, float]:
    """Seconds that each executed page took when it was last run, the slowest first."""
    runs = {page: NbMetadataCollector.get_exec_data(env, page) for page in env.found_docs}
    seconds = {page: run["runtime"] for page, run in runs.items() if run and run["runtime"] is not None}
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))


def warn_of_slow_pages(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn, which fails the build, about each page that takes longer than its budget.

    Only in continuous integration: elsewhere the machine may be slow, or busy with other work, and the page is
    none the worse for it. The run is forgotten, so that the next build measures again.
    """
    if not os.environ.get("CI"):
        return
    with open_cache(app.config.nb_execution_cache_path) as cache:
        for page, seconds in seconds_per_page(env).items():
            if seconds > PAGE_BUDGET_SECONDS:
                logger.warning("takes %.1f s; a page may take %.0f s", seconds, PAGE_BUDGET_SECONDS, location=page)
                for record in cache.list_cache_records():
                    if record.uri == env.doc2path(page):
                        cache.remove_cache(record.pk)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("config-inited", choose_cache)
    app.connect("env-check-consistency", warn_of_slow_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
