"""A small page with the book's styles and scripts, in the colours that the theme gives to a page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

STATIC = (Path(__file__).parents[2] / "chapters" / "_sphinx" / "static").as_uri()
COLOURS = {
    "light": "--pst-color-primary: #0a7d91; --pst-color-text-base: #222832; --pst-color-text-muted: #48566b; "
    "--pst-color-border: #d1d5da; --pst-color-background: #fff; --pst-color-surface: #f3f4f5",
    "dark": "--pst-color-primary: #3fb1c5; --pst-color-text-base: #ced6dd; --pst-color-text-muted: #9ca4af; "
    "--pst-color-border: #48566b; --pst-color-background: #14181e; --pst-color-surface: #29313d",
}
PAGE = """<!doctype html>
<html lang="en" data-theme="{scheme}"><head><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width">
<style>html {{ {colours} }} [hidden] {{ display: none !important }}
.visually-hidden {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }}
body {{ margin: 8px; color: var(--pst-color-text-base); background: var(--pst-color-background) }}</style>
<link rel="stylesheet" href="{static}/book.css">{scripts}</head>
<body><main><h1>Figures</h1>{body}</main></body></html>"""
SCRIPTS = (
    "interactive.js",
    "angle_clocks.js",
    "attention_map.js",
    "decoding_bars.js",
    "lens_grid.js",
    "merge_slider.js",
    "size_calculator.js",
    "step_player.js",
    "training_scrubber.js",
)


def write_page(folder: Path, body: str, *, scheme: str = "light") -> str:
    """Write the page and return its address."""
    scripts = "".join(f'<script src="{STATIC}/{name}"></script>' for name in SCRIPTS)
    file = folder / f"{scheme}.html"
    file.write_text(PAGE.format(scheme=scheme, colours=COLOURS[scheme], static=STATIC, scripts=scripts, body=body))
    return file.as_uri()


@contextmanager
def figure_pages(browser: Browser, folder: Path, body: str) -> Iterator[Callable[..., Page]]:
    """Give a function that opens the page; no console error may have come up when it is closed."""
    pages = []

    def open_page(scheme: str = "light", *, stop_clock: bool = False, **options: Any) -> Page:
        page = browser.new_page(**options)
        errors: list[str] = []
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        if stop_clock:
            page.clock.install()
        page.goto(write_page(folder, body, scheme=scheme))
        pages.append((page, errors))
        return page

    yield open_page
    for page, errors in pages:
        page.close()
        assert errors == []


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds on the page: the rule and the first element that breaks it."""
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    return [(violation["id"], violation["nodes"][0]["html"]) for violation in found]
