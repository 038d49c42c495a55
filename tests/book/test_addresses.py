"""Every address follows from one line of `_config.yml`."""

import subprocess

import pytest
import yaml
from _sphinx.addresses import site_of
from bs4 import BeautifulSoup

from tests.book import small_books

REPOSITORY = "https://github.com/somebody/their-book"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    text = "Clone {{ repository }}, read {{ site }}index.html.\n\n```sh\ngit clone {{ repository }}\n```\n"
    settings = {"html_theme": "sphinx_book_theme", "html_theme_options": {"repository_url": REPOSITORY}}
    small_books.build(
        folder, "_sphinx.addresses", "contents", {"one": [small_books.markdown("one", "# One\n\n" + text)]}, **settings
    )
    return small_books.read(folder, "one")


def test_the_site_follows_from_the_repository():
    assert site_of("https://github.com/somebody/their-book/") == "https://somebody.github.io/their-book/"


def test_pages_write_the_addresses_in_text_and_in_code(page):
    assert page.article.p.get_text() == f"Clone {REPOSITORY}, read https://somebody.github.io/their-book/index.html."
    assert page.select_one("pre").get_text().strip() == f"git clone {REPOSITORY}"


def test_the_page_names_the_site_as_its_own(page):
    link: BeautifulSoup = page.select_one("link[rel=canonical]")
    assert link["href"] == "https://somebody.github.io/their-book/one.html"


def test_the_owner_stands_in_one_line_of_the_books_files(root):
    url = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    owner, name = url.split("/")[-2:]
    command = ["git", "grep", "-nE", f"{owner}[./].*{name}", "--", "_config.yml", "chapters", "solutions", "exercises"]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout.splitlines()
    assert len(found) == 1, found
    assert found[0].startswith("_config.yml:")
