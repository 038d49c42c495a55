"""Execute the pages that have changed, several at a time, before Sphinx reads any.

The outputs go to the cache, where myst-nb finds them. Each page gets one line when it is done. When all have run, those
that failed are named, with the cell and the error, and the build ends. A page can import core ``lmkit`` and what its
notebook names, see ``core_only.py``.
"""

import asyncio
import os
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import nbformat
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_core.utils import ensure_async
from myst_nb.core.execute.cache import NotebookClientCache
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellTimeoutError, DeadKernelError
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from _sphinx.core_only import hidden_modules, hiding_code
from _sphinx.downloads import required_extras
from _sphinx.execution import open_cache

MOST_LINES = 9
"""So many lines, and one on the time, tell of a failed page."""

STARTUP_SECONDS = 600  # a kernel on a busy machine

ANSI = re.compile(r"\x1b\[[0-9;]*m")
ARROW = re.compile(r"^-+> ?")
MISSING = re.compile(r"^ModuleNotFoundError: No module named '(\w+)", re.MULTILINE)

logger = logging.getLogger(__name__)


class PagesFailed(SphinxError):
    """Some pages could not be executed."""

    category = "These pages failed"


def run_changed_pages(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Execute the notebooks among the pages to be read whose outputs are not in the cache.

    Raises:
        PagesFailed: If a page fails; it names page, cell and error of each.
    """
    if app.config.nb_execution_mode != "cache":
        return
    with open_cache(app.config.nb_execution_cache_path) as cache:
        notebooks = {}
        for docname in docnames:
            path = Path(env.doc2path(docname))
            if path.suffix == ".ipynb" and not _is_cached(cache, notebook := nbformat.read(path, as_version=4)):
                notebooks[docname] = notebook
        if not notebooks:
            return
        failures = asyncio.run(_run_all(env, cache, notebooks, app.config.nb_execution_timeout))
    if failures:
        raise PagesFailed("\n\n" + "\n\n".join(failures))


def _is_cached(cache: JupyterCacheAbstract, notebook: nbformat.NotebookNode) -> bool:
    with suppress(KeyError):
        return cache.match_cache_notebook(notebook) is not None
    return False


async def _run_all(
    env: BuildEnvironment, cache: JupyterCacheAbstract, notebooks: dict[str, nbformat.NotebookNode], timeout: int
) -> list[str]:
    """Run all notebooks, as many at a time as there are cores; returns what to say of those that failed."""
    free_core = asyncio.Semaphore(os.cpu_count() or 1)
    failures, done = [], 0

    async def run(docname: str, notebook: nbformat.NotebookNode) -> None:
        nonlocal done
        path = env.doc2path(docname)
        async with free_core:
            start = time.perf_counter()
            told = await _run(notebook, Path(path).parent, timeout)
            seconds = time.perf_counter() - start
        done += 1
        verdict = "executed" if told is None else "FAILED"
        logger.info("%s in %.1f s: %s (%d of %d)", verdict, seconds, docname, done, len(notebooks))
        if told is None:
            bundle = CacheBundleIn(notebook, path, data={"execution_seconds": seconds})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        else:
            failures.append(f"{docname}, {told}")

    async with asyncio.TaskGroup() as group:
        for docname, notebook in notebooks.items():
            group.create_task(run(docname, notebook))
    return failures


async def _run(notebook: nbformat.NotebookNode, folder: Path, timeout: int) -> str | None:
    """Run a notebook in place; returns what to say if it failed."""
    client = NotebookClient(
        notebook,
        timeout=None if timeout <= 0 else timeout,
        startup_timeout=STARTUP_SECONDS,
        record_timing=False,  # times in the notebook would keep the cache from finding it again
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # a line about encryption for each page is no progress
    )
    extras = tuple(required_extras(notebook))

    async def hide_other_packages(notebook: nbformat.NotebookNode) -> None:
        await ensure_async(client.kc.execute(hiding_code(extras), silent=True))

    client.on_notebook_start = hide_other_packages
    try:
        await client.async_execute()
    except CellTimeoutError as error:
        return f"{describe_failure(notebook.cells, str(error))}\nThe cell took longer than {timeout} s."
    except (CellControlSignal, DeadKernelError) as error:
        told = describe_failure(notebook.cells, str(error))
        if (missing := MISSING.search(told)) and missing[1] in hidden_modules(extras):
            told += '\nA page has core lmkit alone, unless its metadata name an extra: {"lmkit": {"extras": [...]}}.'
        return told
    return None


def describe_failure(cells: Iterable[nbformat.NotebookNode], otherwise: str) -> str:
    """Name the cell that failed and its error, with the line of each frame, in at most nine lines.

    Args:
        cells: Cells with their outputs; those after the one that failed have none.
        otherwise: What to say if no cell has an error: it took too long, or the kernel died.
    """
    last = None
    for cell in cells:
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                trace = [ANSI.sub("", line) for part in output.traceback for line in part.splitlines()]
                frames = [line for line in trace if ARROW.match(line)]
                error = f"{output.ename}: {output.evalue}".splitlines()
                room = MOST_LINES - 1 - min(len(error), 3)
                return "\n".join([f"cell {cell.id!r}:", *frames[:1], *frames[1:][1 - room :], *error[:3]])
        last = cell.id if cell.get("execution_count") or cell.outputs else last
    return "\n".join([f"in or after cell {last!r}:", *otherwise.splitlines()[: MOST_LINES - 1]])


def read_outputs(client: NotebookClientCache, read: Callable = NotebookClientCache.start_client) -> None:
    """Take a page's outputs from the cache as myst-nb does, and close the database, which myst-nb leaves open."""
    with (
        open_cache(client.nb_config.execution_cache_path) as cache,
        patch("myst_nb.core.execute.cache.get_cache", lambda path: cache),
    ):
        read(client)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    NotebookClientCache.start_client = read_outputs
    app.connect("env-before-read-docs", run_changed_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
