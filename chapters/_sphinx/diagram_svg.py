"""Draw a diagram as SVG. The colours are in the style sheet, ``static/book.css``."""

import math
from html import escape

from _sphinx.diagram_layout import (
    FONT_SIZE,
    GROUP_LABEL,
    GROUP_PADDING,
    LINE_HEIGHT,
    Box,
    Point,
    place_frame,
    place_label,
    place_nodes,
    route_edge,
    surround,
)
from _sphinx.diagram_text import Diagram, Group, Node

CORNER = 8
MARGIN = 6
MAX_WIDTH = 900
PHONE_WIDTH = 350
SMALLEST_SCALE = 0.55
"""A narrow screen shrinks a diagram no further than this; then it scrolls."""


def draw(diagram: Diagram, *, name: str, title: str, description: str) -> str:
    """Draw a diagram.

    Args:
        diagram: What to draw.
        name: Prefix of the identifiers in the SVG; unique on its page.
        title: Short name of the diagram, for screen readers.
        description: What the diagram says, for screen readers.

    Returns:
        An ``<svg>`` element in a ``<div>`` that scrolls it where the screen is narrow; its colours are in the
        style sheet.

    Raises:
        ValueError: If nodes overlap, an edge runs through a node, a frame holds a stranger, or it is too wide.
    """
    boxes = place_nodes(diagram)
    paths = [route_edge(edge, diagram, boxes) for edge in diagram.edges]
    labels = [place_label(edge.text, path) for edge, path in zip(diagram.edges, paths, strict=True)]
    edge_boxes = [
        surround([label, *(Box(x, y, x, y) for x, y in path)]) for label, path in zip(labels, paths, strict=True)
    ]
    frames = []
    for group in diagram.groups:
        inner = [
            box
            for edge, box in zip(diagram.edges, edge_boxes, strict=True)
            if {edge.start, edge.end} <= set(group.members)
        ]
        frames.append(place_frame(group, boxes, inner))
    extent = surround([*boxes.values(), *frames, *edge_boxes]).grown(MARGIN)
    width, height = extent.right - extent.left, extent.bottom - extent.top
    if width > MAX_WIDTH:
        raise ValueError(f"the diagram is {width:.0f} px wide, more than {MAX_WIDTH}: shorten a text or use more rows")
    narrowest = width * SMALLEST_SCALE
    focus = ' tabindex="0"' if narrowest > PHONE_WIDTH else ""  # what scrolls must be reachable with the keyboard
    opening = (
        f'<svg class="diagram" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-size="{FONT_SIZE}" text-anchor="middle" '
        f'viewBox="{extent.left:.1f} {extent.top:.1f} {width:.1f} {height:.1f}" '
        f'width="{width:.0f}" height="{height:.0f}" style="min-width: {narrowest:.0f}px">'
    )
    parts = [
        f'<div class="diagram-scroll"{focus}>',
        opening,
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(description)}</desc>',
        *(_draw_group(group, frame) for group, frame in zip(diagram.groups, frames, strict=True)),
        *(_draw_edge(path) for path in paths),
        *(_draw_node(node, boxes[node.name]) for node in diagram.nodes.values()),
        *(_draw_label(edge.text, box) for edge, box in zip(diagram.edges, labels, strict=True) if edge.text),
        "</svg></div>",
    ]
    return "\n".join(parts)


def _draw_node(node: Node, box: Box) -> str:
    radius = (box.bottom - box.top) / 2 if node.kind == "data" else 4
    first = box.y - (len(node.lines) - 1) * LINE_HEIGHT / 2 + FONT_SIZE * 0.36
    lines = "".join(
        f'<text x="{box.x:.1f}" y="{first + i * LINE_HEIGHT:.1f}"{_code_class(line)}>{escape(line.strip("`"))}</text>'
        for i, line in enumerate(node.lines)
    )
    frame = (
        f'<rect x="{box.left:.1f}" y="{box.top:.1f}" width="{box.right - box.left:.1f}" '
        f'height="{box.bottom - box.top:.1f}" rx="{radius:.1f}"/>'
    )
    return f'<g class="node {node.kind}">{frame}{lines}</g>'


def _code_class(line: str) -> str:
    return ' class="code"' if line.startswith("`") and line.endswith("`") else ""


def _draw_group(group: Group, frame: Box) -> str:
    return (
        f'<g class="group"><rect x="{frame.left:.1f}" y="{frame.top:.1f}" width="{frame.right - frame.left:.1f}" '
        f'height="{frame.bottom - frame.top:.1f}" rx="{CORNER}"/><text x="{frame.left + GROUP_PADDING:.1f}" '
        f'y="{frame.top + GROUP_LABEL - 4:.1f}" text-anchor="start">{escape(group.text)}</text></g>'
    )


def _draw_edge(path: list[Point]) -> str:
    """A line with rounded corners and a head."""
    (x1, y1), (x, y) = path[-2:]
    length = math.dist((x1, y1), (x, y))
    dx, dy = (x - x1) / length, (y - y1) / length
    commands = [f"M{path[0][0]:.1f} {path[0][1]:.1f}"]
    for before, corner, after in zip(path, path[1:], path[2:], strict=False):
        near, far = _towards(corner, before), _towards(corner, after)
        commands.append(f"L{near[0]:.1f} {near[1]:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {far[0]:.1f} {far[1]:.1f}")
    commands.append(f"L{x - 6 * dx:.1f} {y - 6 * dy:.1f}")
    head = " ".join(
        f"{x - back * dx - side * dy:.1f},{y - back * dy + side * dx:.1f}" for back, side in ((0, 0), (9, 5), (9, -5))
    )
    return f'<g class="edge"><path d="{"".join(commands)}"/><polygon points="{head}"/></g>'


def _towards(corner: Point, other: Point) -> Point:
    """The point where a rounded corner begins."""
    share = min(CORNER, math.dist(corner, other) / 2) / (math.dist(corner, other) or 1)
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def _draw_label(text: str, box: Box) -> str:
    return f'<text class="label" x="{box.x:.1f}" y="{box.y + FONT_SIZE * 0.33:.1f}">{escape(text)}</text>'
