import pytest
from sphinx_external_toc.parsing import parse_toc_yaml


@pytest.fixture(scope="module")
def listed(root):
    return [str(document) for document in parse_toc_yaml(root / "_toc.yml")]


@pytest.fixture(scope="module")
def pages(root):
    chapters = root / "chapters"
    found = [path for path in chapters.rglob("*") if path.suffix in (".md", ".ipynb")]
    return [path for path in found if not any(part.startswith((".", "_")) for part in path.relative_to(chapters).parts)]


def test_the_toc_lists_pages_that_exist(root, listed):
    for page in listed:
        files = [root / f"{page}{suffix}" for suffix in (".md", ".ipynb")]
        assert sum(file.exists() for file in files) == 1, f"_toc.yml lists {page}: it needs one file, .md or .ipynb"


def test_every_page_is_in_the_toc(root, listed, pages):
    for page in pages:
        name = page.relative_to(root).with_suffix("").as_posix()
        assert name in listed, f"add {name} to _toc.yml"


def test_no_page_is_a_heading_alone(pages):
    for page in pages:
        if page.suffix == ".md":
            body = [line for line in page.read_text().splitlines() if line.strip() and not line.startswith("#")]
            assert body, page
