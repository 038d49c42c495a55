"""Long listings are folded: a click shows them.

A listing has a caption, which stays in view. One of more than 30 lines is folded, and one with the class ``dropdown``.
The book in print and the downloaded notebook show all of them.
"""

from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 30
"""Lines of a listing that is not folded."""
BEFORE = '<details class="listing"><summary>Show the listing</summary>'


def is_folded(listing: nodes.literal_block) -> bool:
    """Whether this is a listing with a caption that is long or marked."""
    captioned = listing.parent is not None and bool(listing.parent.get("literal_block"))
    return captioned and ("dropdown" in listing["classes"] or len(listing.astext().splitlines()) > LONGEST)


def fold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Wrap the listings of a page."""
    if app.builder.name != "html":
        return
    for listing in list(doctree.findall(nodes.literal_block)):
        if is_folded(listing):
            place, before, after = (
                listing.parent,
                *(nodes.raw("", text, format="html") for text in (BEFORE, "</details>")),
            )
            place.insert(place.index(listing), before)
            place.insert(place.index(listing) + 1, after)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("doctree-resolved", fold, priority=950)  # after the download has been noted
    return {"parallel_read_safe": True, "parallel_write_safe": True}
