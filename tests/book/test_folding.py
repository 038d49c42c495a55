import pytest

from tests.book.small_books import build, markdown, read

SHORT = "\n".join(f"line_{number} = {number}" for number in range(30))
LONG = f"{SHORT}\nline_30 = 30"


def listing(text, options=""):
    return f"```{{code-block}} python\n{options}\n{text}\n```"


@pytest.fixture
def page(tmp_path):
    cells = {
        "long": listing(LONG, ":caption: a.py\n"),
        "short": listing(SHORT, ":caption: b.py\n"),
        "marked": listing("c = 1", ":caption: c.py\n:class: dropdown\n"),
        "without-caption": listing(LONG),
    }
    _, warnings = build(
        tmp_path,
        "_sphinx.folding",
        "contents",
        {"page": [markdown("title", "# Page"), *(markdown(*c) for c in cells.items())]},
    )
    assert not warnings
    return read(tmp_path, "page")


def test_long_and_marked_listings_are_folded_with_their_caption_in_view(page):
    folded = page.select("details.listing")
    captions = [fold.find_parent(class_="literal-block-wrapper").select_one(".caption-text").text for fold in folded]
    assert captions == ["a.py", "c.py"]
    assert all(fold.select("pre") and not fold.select(".caption-text") for fold in folded)
    assert len(page.select("pre")) == 4
