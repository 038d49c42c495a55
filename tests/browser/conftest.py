import io
import os
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "chapters"))
from _sphinx.printing import CHROMIUM_FLAGS, find_chromium  # noqa: E402


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser."""
    if (found := find_chromium()) is not None:
        return found
    reason = "no Chromium on this machine; on Debian and Ubuntu: apt-get install chromium"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser(chromium) -> Iterator[Browser]:
    """A headless browser for one file of tests.

    Not for the whole run: as long as it is open, an event loop runs in this thread, and tests after it cannot start
    one of their own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Path:
    """Folder of the built book."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").exists():
        pytest.fail("the book is not built: run `make book` first")
    return folder


@pytest.fixture(scope="session")
def picture() -> Callable[[Page, str], None]:
    """Keep what a page shows, for the guides of the book, if the variable `PICTURES` names a folder."""

    def keep(page: Page, name: str) -> None:
        if folder := os.environ.get("PICTURES"):
            shown = Image.open(io.BytesIO(page.screenshot()))
            shown.convert("RGB").quantize(32).save(Path(folder) / f"{name}.png", optimize=True)

    return keep


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def site_url(site) -> Iterator[str]:
    """Address of the built book, served on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=site)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
