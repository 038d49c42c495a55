import pytest
from _sphinx import printing
from _sphinx.one_page import add_front, join_pages, lead_out, take_out
from bs4 import BeautifulSoup

JOINED = """<html><body><nav id="side"></nav><article>
<section id="start"><a href="#document-a">a</a> <a href="#document-a#summary">s</a> <a href="#start">top</a></section>
<span id="document-a"></span>
<section id="summary"><a href="#document-b#summary">b</a> <a href="#note">n</a> <p id="note"></p>
<svg aria-labelledby="t d"><title id="t">T</title><desc id="d">D</desc></svg></section>
<span id="document-b"></span>
<section id="summary"><a href="#document-index">i</a> <a href="#document-index#start">i</a>
<a href="https://example.org/#x">e</a> <a href="_downloads/1/x.ipynb">x</a> <a name="y">y</a></section>
</article></body></html>"""


@pytest.fixture(scope="module")
def joined():
    return BeautifulSoup(join_pages(JOINED, "index", "https://book.example/"), "html.parser")


def test_no_two_ids_are_equal(joined):
    ids = [element["id"] for element in joined.find_all(id=True)]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "side"  # what stands around the pages is left alone


def test_links_lead_where_they_led(joined):
    links = [link.get("href") for link in joined.find_all("a")]
    assert links == [
        *("#document-a", "#a--summary", "#index--start"),
        *("#b--summary", "#a--note"),
        *(
            "#document-index",
            "#index--start",
            "https://example.org/#x",
            "https://book.example/_downloads/1/x.ipynb",
            None,
        ),
    ]
    for link in links:
        assert not (link or "").startswith("#") or joined.find(id=link[1:]), link


def test_names_of_pictures_follow(joined):
    assert joined.find("svg")["aria-labelledby"] == "a--t a--d"
    assert joined.find("title")["id"] == "a--t"


def test_without_a_browser_the_message_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(printing.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"make pdf needs Chromium .* apt-get install chromium"):
        printing.main(tmp_path)


PRINTED = """<article id="document-index"><section><h1>Book#</h1>
<div class="toctree-wrapper compound">
<span id="document-a"></span><section><h2>A#</h2>
<a href="#document-api/x">x</a><a href="#api/x--f">f</a></section>
<span id="document-api/index"></span><section><h1>API#</h1><div class="toctree-wrapper compound">
<span id="document-api/x"></span><section id="api/x--f"><h1>X#</h1></section></div></section>
<span id="document-z"></span><section><h1>Z#</h1></section></div></section></article>"""


def test_a_part_is_taken_out_whole_and_links_to_it_lead_to_the_site():
    book = BeautifulSoup(PRINTED, "html.parser")
    apart = BeautifulSoup("".join(str(element) for element in take_out(book, "api/")), "html.parser")
    assert [heading.get_text() for heading in book.find_all(["h1", "h2"])] == ["Book#", "A#", "Z#"]
    assert [heading.get_text() for heading in apart.find_all("h1")] == ["API#", "X#"]
    lead_out(book, "https://book.example/")
    links = [link["href"] for link in book.find_all("a")]
    assert links == ["https://book.example/api/x.html", "https://book.example/api/x.html#f"]


def test_the_contents_name_the_pages():
    book = BeautifulSoup(PRINTED, "html.parser")
    add_front(book, "A title", "An author", "https://book.example/")
    lines = [line.get_text().strip() for line in book.select("nav.contents li")]
    assert lines == ["Book", "A", "API", "X", "Z"]
    assert "A title" in book.select_one(".title-page").get_text()
