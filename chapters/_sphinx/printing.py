"""Print the pages that ``one_page.py`` has joined to a PDF: ``PYTHONPATH=chapters python -m _sphinx.printing``."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MARGINS = {"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"}
PAGE_NUMBER = '<div style="font-size: 9px; width: 100%; text-align: center"><span class="pageNumber"></span></div>'


def find_chromium() -> str | None:
    """Path of the browser, if this machine has one."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def print_pdf(chromium: str, page: Path, pdf: Path) -> None:
    """Print a page from disk, when all its formulas are set.

    Raises:
        RuntimeError: If a formula cannot be set.
    """
    pdf.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        tab = browser.new_page(color_scheme="light")
        tab.set_default_timeout(300_000)
        tab.goto(page.absolute().as_uri())
        tab.wait_for_function("window.MathJax?.startup?.promise")
        tab.evaluate("MathJax.startup.promise")
        if bad := tab.locator("[data-mjx-error], mjx-merror").count():
            raise RuntimeError(f"{bad} formulas of {page} cannot be set")
        tab.pdf(
            path=pdf,
            format="A4",
            scale=0.8,
            margin=MARGINS,
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=PAGE_NUMBER,
            outline=True,
            tagged=True,
        )
        browser.close()


def main(build: Path) -> None:
    """Print ``singlehtml/book.html`` of a folder to ``pdf/book.pdf``."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(f"make pdf needs Chromium (one of {', '.join(CHROMIUM_NAMES)}); on Debian: apt-get install chromium")
    pdf = build / "pdf" / "book.pdf"
    print_pdf(chromium, build / "singlehtml" / "book.html", pdf)
    print(f"The book: {pdf}")


if __name__ == "__main__":
    main(Path("_build"))
