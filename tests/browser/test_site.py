"""The built book in a real browser: each page is visited once, and each test looks at one side of what was seen."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sphinx_external_toc.parsing import parse_toc_yaml

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]  # every page, in both themes, on a busy machine

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
LEAST_CONTRAST = 4.5  # WCAG 2, level AA
LARGEST_REFERENCE_PAGE = 250_000  # bytes of HTML

# The contrast ratio of WCAG 2 of a text with what is painted behind it.
CONTRAST = """
element => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const luminance = color => {
    const [r, g, b] = color.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    const rect = element.closest("svg") && element.parentElement.querySelector("rect");
    if (rect && getComputedStyle(rect).fill !== "none") return rgb(getComputedStyle(rect).fill);
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const style = getComputedStyle(element);
  const front = luminance(rgb(element.closest("svg") ? style.fill : style.color).slice(0, 3));
  const back = luminance(behind(element).slice(0, 3));
  return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
}
"""
CONTRASTS = f"elements => elements.map({CONTRAST})"
# The theme shows the links beside headings only under the pointer.
TEXT = "article :is(h1, h2, h3, p, li, dt, dd, td, th, a:not(.headerlink), code, figcaption, .highlight span)"
PLAIN_LINKS = """
links => links.filter(link => !getComputedStyle(link).textDecorationLine.includes("underline"))
              .map(link => link.outerHTML)
"""
# Texts of a diagram that stick out of their boxes.
SPILLS = """
svg => [...svg.querySelectorAll(".node text")].filter(text => {
  const inner = text.getBBox(), outer = text.parentElement.querySelector("rect").getBBox();
  return inner.x < outer.x || inner.x + inner.width > outer.x + outer.width
      || inner.y < outer.y || inner.y + inner.height > outer.y + outer.height;
}).map(text => text.textContent)
"""


@dataclass
class Visit:
    """What was seen on a page."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    formulas: int = 0
    rendered_formulas: int = 0
    bad_formulas: int = 0
    diagrams: int = 0
    diagram_sizes: list[float] = field(default_factory=list)
    spilling_texts: list[str] = field(default_factory=list)
    unnamed_images: int = 0
    plain_links: list[str] = field(default_factory=list)
    width_on_phone: int = 0
    contrasts: dict[str, float] = field(default_factory=dict)
    axe: list[str] = field(default_factory=list)


def see(page: Page, url: str) -> Visit:
    visit = Visit()
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("requestfailed", lambda request: visit.errors.append(f"failed: {request.url}"))
    page.on("response", lambda response: response.ok or visit.errors.append(f"{response.status}: {response.url}"))
    page.on("console", lambda message: message.type == "error" and visit.errors.append(message.text))
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.goto(url)
    visit.formulas = page.locator("article .math").count()
    if visit.formulas:
        page.wait_for_function("window.MathJax?.startup?.promise")
        page.evaluate("MathJax.startup.promise")
    visit.rendered_formulas = page.locator("article .math mjx-container > svg").count()
    visit.bad_formulas = page.locator("article [data-mjx-error], article mjx-merror").count()
    visit.unnamed_images = page.locator("article img:not([alt]), article img[alt='']").count()
    visit.plain_links = page.locator("article :is(p, li) a.reference").evaluate_all(PLAIN_LINKS)
    diagrams = page.locator("article svg.diagram").all()
    visit.diagrams = len(diagrams)
    visit.diagram_sizes = [diagram.bounding_box()["width"] for diagram in diagrams]
    visit.spilling_texts = [text for diagram in diagrams for text in diagram.evaluate(SPILLS)]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
        for what, selector in (("text", TEXT), ("diagram", "svg.diagram text")):
            if contrasts := page.locator(selector).evaluate_all(CONTRASTS):
                visit.contrasts[f"{scheme} {what}"] = min(contrasts)
    visit.axe = complaints(page)
    page.set_viewport_size(PHONE)
    visit.width_on_phone = page.evaluate("document.documentElement.scrollWidth")
    return visit


def complaints(page: Page) -> list[str]:
    """What axe-core finds, without its two rules on colours: they take seconds on a long page, and are checked here."""
    rules = {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": False}}
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"], "rules": rules})
    return [
        f"{violation['id']} ({violation['help']}): {[node['html'][:120] for node in violation['nodes'][:2]]}"
        for violation in found.response["violations"]
    ]


@pytest.fixture(scope="module")
def visits(browser, site_url) -> dict[str, Visit]:
    """Every page of the table of contents, seen once."""
    toc = parse_toc_yaml(ROOT / "_toc.yml")
    seen = {}
    for document in toc:
        page = browser.new_page(viewport=DESKTOP, color_scheme="light", reduced_motion="reduce")
        seen[document] = see(page, f"{site_url}/{document}.html")
        page.close()
    return seen


def test_nothing_leaves_the_machine(visits, site_url):
    outside = {
        name: [url for url in visit.requests if not url.startswith((site_url, "data:", "blob:"))]
        for name, visit in visits.items()
    }
    assert not {name: urls for name, urls in outside.items() if urls}
    assert all(visit.requests for visit in visits.values())


def test_no_errors_in_the_console(visits):
    assert not {name: visit.errors for name, visit in visits.items() if visit.errors}


def test_formulas_are_rendered(visits):
    assert sum(visit.formulas for visit in visits.values()) > 0
    for name, visit in visits.items():
        assert visit.rendered_formulas == visit.formulas, name
        assert visit.bad_formulas == 0, name


def test_diagrams_are_drawn_and_their_texts_fit(visits):
    assert visits["chapters/index"].diagrams == 1
    for name, visit in visits.items():
        assert all(width > 100 for width in visit.diagram_sizes), name
        assert visit.spilling_texts == [], name


def test_images_have_alternative_text(visits):
    assert not [name for name, visit in visits.items() if visit.unnamed_images]


def test_text_is_legible_in_light_and_dark(visits):
    assert "dark diagram" in visits["chapters/index"].contrasts
    for name, visit in visits.items():
        assert {"light text", "dark text"} <= set(visit.contrasts), name
        faint = {what: round(least, 2) for what, least in visit.contrasts.items() if least < LEAST_CONTRAST}
        assert not faint, name


def test_links_in_text_are_underlined(visits):
    assert not {name: visit.plain_links for name, visit in visits.items() if visit.plain_links}


def test_pages_fit_a_phone(visits):
    wide = {name: visit.width_on_phone for name, visit in visits.items() if visit.width_on_phone > PHONE["width"]}
    assert not wide


def test_axe_finds_nothing(visits):
    assert not {name: visit.axe for name, visit in visits.items() if visit.axe}


def test_pages_of_the_reference_are_small(site):
    sizes = {page.name: page.stat().st_size for page in (site / "chapters" / "api").glob("*.html")}
    assert len(sizes) > 20
    large = {name: size for name, size in sizes.items() if size > LARGEST_REFERENCE_PAGE}
    assert not large, f"split these pages of chapters/api, they are over {LARGEST_REFERENCE_PAGE:,} bytes: {large}"


def test_a_figure_stands_between_contents_and_text(browser, site_url, picture):
    page = browser.new_page(viewport=DESKTOP, color_scheme="light", reduced_motion="reduce")
    page.goto(f"{site_url}/chapters/concepts/fixed_windows.html")
    figure = page.locator("#fig-story-orders")
    figure.evaluate("figure => figure.scrollIntoView({block: 'end'})")
    assert figure.locator("img").evaluate("image => image.complete && image.naturalWidth") > 0
    assert page.locator(".bd-sidebar-primary .current").first.is_visible()
    picture(page, "page")  # of the README
    page.close()


def test_pages_are_printed_in_light_colours(browser, site):
    page = browser.new_page(color_scheme="dark")
    page.goto((site / "chapters" / "index.html").as_uri())
    page.evaluate("addEventListener('beforeprint', () => window.printed = document.documentElement.dataset.theme)")
    page.pdf()
    assert page.evaluate("window.printed") == "light"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.close()


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_search_finds_a_word(browser, site, site_url, scheme):
    base = site_url if scheme == "http" else site.as_uri()
    page = browser.new_page()
    page.goto(f"{base}/search.html?q=perplexity")
    page.locator("#search-results li a", has_text="Glossary").first.wait_for(timeout=10_000)
    page.close()


def test_formulas_and_diagrams_work_from_disk(browser, site):
    page = browser.new_page()
    page.goto((site / "chapters" / "index.html").as_uri())
    assert page.locator("svg.diagram").bounding_box()["width"] > 100
    page.goto((site / "chapters" / "mathematics" / "attention.html").as_uri())
    page.locator("article .math mjx-container > svg").first.wait_for(timeout=10_000)
    page.close()
