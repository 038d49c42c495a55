import pytest
from _sphinx.some_pages import allow_gaps, write_contents
from sphinx.config import Config
from sphinx_external_toc.parsing import parse_toc_yaml


def test_the_contents_have_the_pages_and_what_they_rest_on(tmp_path):
    (tmp_path / "chapters" / "concepts").mkdir(parents=True)
    (tmp_path / "chapters" / "concepts" / "attention.ipynb").touch()
    path = write_contents(["concepts/attention", "chapters/concepts/attention"], tmp_path)
    assert [str(page) for page in parse_toc_yaml(path)] == [
        "chapters/index",
        "chapters/concepts/attention",
        "chapters/glossary",
        "chapters/bibliography",
    ]


def test_a_page_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"PAGES=concepts/atention: there is no chapters/concepts/atention\.ipynb"):
        write_contents(["concepts/atention"], tmp_path)


def test_links_to_other_pages_are_checked_in_the_whole_book_alone(monkeypatch):
    for pages, suppressed in (("concepts/attention", True), ("", False)):
        monkeypatch.setenv("PAGES", pages)
        config = Config()
        allow_gaps(None, config)
        assert ("ref" in config.suppress_warnings) == suppressed
