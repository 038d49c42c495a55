"""Print the pages that ``one_page.py`` has joined to a PDF: ``PYTHONPATH=chapters python -m _sphinx.printing``."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright
from pypdf import PdfReader

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
# The numbers of the sheets stand in boxes of one width, so that filling them in moves nothing.
FILL_IN = """
sheets => document.querySelectorAll(".contents a").forEach(link => {
  link.nextElementSibling.textContent = sheets[link.getAttribute("href").slice(1)] ?? "";
})
"""
PAGE_NUMBER = '<div style="font-size: 9px; width: 100%; text-align: center"><span class="pageNumber"></span></div>'


def find_chromium() -> str | None:
    """Path of the browser, if this machine has one."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def sheets_of(pdf: Path) -> dict[str, int]:
    """The sheet, from 1, on which each target of a link is."""
    reader = PdfReader(pdf)
    targets = reader.named_destinations
    return {name.removeprefix("/"): reader.get_destination_page_number(at) + 1 for name, at in targets.items()}


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
        for _ in range(2):  # the first time to learn on which sheet each page begins
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
            tab.evaluate(FILL_IN, sheets_of(pdf))
        browser.close()


def main(build: Path) -> None:
    """Print ``singlehtml/book.html`` and ``reference.html`` of a folder to ``pdf/``."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(f"make pdf needs Chromium (one of {', '.join(CHROMIUM_NAMES)}); on Debian: apt-get install chromium")
    for name in ("book", "reference"):
        pdf = build / "pdf" / f"{name}.pdf"
        print_pdf(chromium, build / "singlehtml" / f"{name}.html", pdf)
        print(f"Printed: {pdf}")


if __name__ == "__main__":
    main(Path("_build"))
