"""Mend the markup that Sphinx and its extensions leave unreadable for screen readers.

The rest, which only a script can reach, is in ``static/book.js``.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def mend(body: str) -> str:
    """Rewrite a page's article.

    A citation is an item of the list that it stands in. A signature of several lines, which Sphinx writes as a
    definition list without terms, becomes plain lines.
    """
    body = body.replace('role="doc-biblioentry"', 'role="listitem"')
    return re.sub(r'<dt class="sig.*?</dt>', _mend_signature, body, flags=re.DOTALL)


def _mend_signature(match: re.Match[str]) -> str:
    signature = match[0]
    for tag, name in (("dl", "sig-lines"), ("dd", "sig-line")):
        signature = signature.replace(f"<{tag}>", f'<span class="{name}">').replace(f"</{tag}>", "</span>")
    return signature


def mend_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Mend a page before it is written."""
    if "body" in context:
        context["body"] = mend(context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("html-page-context", mend_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
