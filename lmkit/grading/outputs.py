"""What of a student's outputs and pictures is kept: forms that a browser only shows, whatever page they come to."""

import re
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbformat import NotebookNode

TAGS = "br caption dd del div dl dt h1 h2 h3 h4 h5 h6 hr img p pre s span sub sup table tbody td tfoot th thead tr"
ATTRIBUTES = {"*": ["class", "style", "title"], "a": ["href"], "img": ["alt", "src", "width", "height"]}
TEXTS = ("text/plain", "text/html")
PICTURES = ("image/png", "image/jpeg", "image/gif")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def clean_html(source: str) -> str:
    """Leave of a piece of HTML what cannot run: text, tables, pictures, links.

    Args:
        source: HTML that a student may have written.

    Returns:
        The same without scripts, event handlers, frames and forms; forbidden tags become text.

    Example:
        >>> clean_html("<b onclick='x()'>bold</b><script>y()</script>")
        '<b>bold</b>&lt;script&gt;y()&lt;/script&gt;'
    """
    return bleach.clean(
        str(source),
        tags={*bleach.ALLOWED_TAGS, *TAGS.split()},
        attributes=ATTRIBUTES,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=CSSSanitizer(),
    )


def safe_output(output: NotebookNode) -> NotebookNode:
    """Leave of a cell's output what cannot run in a browser.

    Args:
        output: As a kernel sent it, and as nbconvert would put it into a page.

    Returns:
        A new output: text, cleaned HTML, pictures, and of a picture's metadata its width and height. All text is
        stdout's: nbgrader gives no points to a test with text on stderr, and a warning or a progress bar is no error.

    Example:
        >>> safe_output(NotebookNode(output_type="display_data", data={"image/png": "AAAA"},
        ...     metadata={"image/png": {"width": "1 onload=x()", "height": 3}}))["metadata"]
        {'image/png': {'height': 3}}
    """
    if output["output_type"] == "stream":
        return NotebookNode(output_type="stream", name="stdout", text=str(output["text"]))
    if output["output_type"] == "error":
        lines = [str(line) for line in output["traceback"]]
        error = {"ename": str(output["ename"]), "evalue": str(output["evalue"]), "traceback": lines}
        return NotebookNode(output_type="error", **error)
    metadata = output.get("metadata", {})
    safe = NotebookNode(output_type=output["output_type"], data=NotebookNode(), metadata=NotebookNode())
    if safe.output_type == "execute_result":
        safe.execution_count = None
    for kind, content in dict(output["data"]).items():
        if kind in TEXTS:
            safe.data[kind] = clean_html(content) if kind == "text/html" else str(content)
        elif kind in PICTURES and isinstance(content, str) and BASE64.fullmatch(content):
            safe.data[kind] = content
            safe.metadata |= safe_sizes(kind, metadata)
    if not safe.data:
        safe.data["text/plain"] = "(an output of a kind that is not shown)"
    return safe


def safe_sizes(kind: str, metadata: Any) -> dict[str, NotebookNode]:
    """Return the width and height in an output's metadata, if they are integers."""
    sizes = metadata.get(kind) if isinstance(metadata, dict) else None
    if not isinstance(sizes, dict):
        return {}
    known = {name: sizes[name] for name in ("width", "height") if type(sizes.get(name)) is int}
    return {kind: NotebookNode(known)} if known else {}


def safe_attachments(attachments: Any) -> dict[str, dict[str, str]]:
    """Leave of a Markdown cell's attachments the pictures."""
    if not isinstance(attachments, dict):
        return {}
    return {
        name: {kind: content}
        for name, forms in attachments.items()
        if isinstance(forms, dict)
        for kind, content in forms.items()
        if kind in PICTURES and isinstance(content, str) and BASE64.fullmatch(content)
    }
