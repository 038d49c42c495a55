"""Lay a diagram out on its grid and draw it as SVG. Lengths are in pixels, y points down."""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from _sphinx.diagram_text import Diagram, Edge, Group, Node

FONT_SIZE = 15
LINE_HEIGHT = 20
NODE_PADDING = 14
NODE_MIN_WIDTH = 64
COLUMN_GAP = 44
ROW_GAP = 40
GROUP_PADDING = 13
GROUP_LABEL = 22
BYPASS = 22
CORNER = 8
MARGIN = 6
MAX_WIDTH = 900
PHONE_WIDTH = 350
SMALLEST_SCALE = 0.55
"""A narrow screen shrinks a diagram no further than this; then it scrolls."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def x(self) -> float:
        """Horizontal centre."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """Vertical centre."""
        return (self.top + self.bottom) / 2

    def grown(self, by: float) -> "Box":
        """The rectangle with a margin."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def touches(self, other: "Box") -> bool:
        """Whether two rectangles overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


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
    frames = [_frame(group, boxes) for group in diagram.groups]
    paths = [_route(edge, diagram, boxes) for edge in diagram.edges]
    label_boxes = [_label_box(edge.text, path) for edge, path in zip(diagram.edges, paths, strict=True) if edge.text]
    points = [Box(x, y, x, y) for path in paths for x, y in path]
    extent = _around([*boxes.values(), *frames, *label_boxes, *points]).grown(MARGIN)
    width, height = extent.right - extent.left, extent.bottom - extent.top
    if width > MAX_WIDTH:
        raise ValueError(f"the diagram is {width:.0f} px wide, more than {MAX_WIDTH}: shorten a text or use more rows")
    narrowest = width * SMALLEST_SCALE
    focus = ' tabindex="0"' if narrowest > PHONE_WIDTH else ""  # what scrolls must be reachable with the keyboard
    parts = [
        f'<div class="diagram-scroll"{focus}>',
        f'<svg class="diagram" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'viewBox="{extent.left:.1f} {extent.top:.1f} {width:.1f} {height:.1f}" width="{width:.0f}" '
        f'height="{height:.0f}" style="min-width: {narrowest:.0f}px" font-size="{FONT_SIZE}" '
        'text-anchor="middle" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(description)}</desc>',
        *(_draw_group(group, frame) for group, frame in zip(diagram.groups, frames, strict=True)),
        *(_draw_edge(path) for path in paths),
        *(_draw_node(node, boxes[node.name]) for node in diagram.nodes.values()),
        *(_draw_label(edge.text, path) for edge, path in zip(diagram.edges, paths, strict=True) if edge.text),
        "</svg></div>",
    ]
    return "\n".join(parts)


def text_width(text: str) -> float:
    """Upper estimate of the width of a line, in any sans-serif font a browser may choose."""
    em = sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.78 if char in "MWmw@" else 0.57 for char in text)
    return em * FONT_SIZE


def place_nodes(diagram: Diagram) -> dict[str, Box]:
    """Give each node its box: columns and rows are as wide and high as their largest node.

    A node at a whole column (or row) is centred in it; one at, say, 0.5 stands midway between two.
    """
    sizes = {node.name: _node_size(node) for node in diagram.nodes.values()}
    columns = {node.name: node.column for node in diagram.nodes.values()}
    rows = {node.name: node.row for node in diagram.nodes.values()}
    labels = [text_width(edge.text) for edge in diagram.edges if rows[edge.start] == rows[edge.end]]
    column_gap = max([COLUMN_GAP, *(label + 28 for label in labels if label)])
    row_gap = ROW_GAP + (GROUP_LABEL + GROUP_PADDING if diagram.groups else 0)
    xs = _centres(columns, {name: width for name, (width, _) in sizes.items()}, column_gap)
    ys = _centres(rows, {name: height for name, (_, height) in sizes.items()}, row_gap)
    boxes = {
        name: Box(xs[name] - width / 2, ys[name] - height / 2, xs[name] + width / 2, ys[name] + height / 2)
        for name, (width, height) in sizes.items()
    }
    names = list(boxes)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            if boxes[one].touches(boxes[other]):
                raise ValueError(f"nodes {one!r} and {other!r} overlap: move one of them")
    return boxes


def _node_size(node: Node) -> tuple[float, float]:
    width = max(text_width(line.strip("`")) for line in node.lines) + 2 * NODE_PADDING
    return max(width, NODE_MIN_WIDTH), len(node.lines) * LINE_HEIGHT + 1.4 * NODE_PADDING


def _centres(places: dict[str, float], sizes: dict[str, float], gap: float) -> dict[str, float]:
    """Centre of each node along one axis."""
    tracks = [0.0] * (math.ceil(max(places.values())) + 1)
    for name, place in places.items():
        if place == int(place):
            tracks[int(place)] = max(tracks[int(place)], sizes[name])
    centres = [sum(tracks[:i]) + gap * i + size / 2 for i, size in enumerate(tracks)]
    return {
        name: centres[math.floor(place)] * (1 - place % 1) + centres[math.ceil(place)] * (place % 1)
        for name, place in places.items()
    }


def _frame(group: Group, boxes: dict[str, Box]) -> Box:
    inner = _around([boxes[name] for name in group.members]).grown(GROUP_PADDING)
    right = max(inner.right, inner.left + text_width(group.text) + 2 * GROUP_PADDING)
    frame = Box(inner.left, inner.top - GROUP_LABEL, right, inner.bottom)
    for name, box in boxes.items():
        if name not in group.members and frame.touches(box):
            raise ValueError(f"the frame of group {group.text!r} runs over node {name!r}, which is not in it")
    return frame


def _route(edge: Edge, diagram: Diagram, boxes: dict[str, Box]) -> list[Point]:
    """Corners of an edge; every stretch is horizontal or vertical."""
    start, end = boxes[edge.start], boxes[edge.end]
    if edge.around:
        path = _bypass(edge.around, start, end, boxes)
    elif abs(start.x - end.x) < 1:
        path = _vertical(start, end)
    elif abs(start.y - end.y) < 1:
        path = _swapped(_vertical(_turned(start), _turned(end)))
    elif diagram.flow == "down":
        path = _step(start, end, boxes.values())
    else:
        path = _swapped(_step(_turned(start), _turned(end), [_turned(box) for box in boxes.values()]))
    for (x1, y1), (x2, y2) in zip(path, path[1:], strict=False):
        stretch = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)).grown(1)
        for name, box in boxes.items():
            if name not in (edge.start, edge.end) and stretch.touches(box):
                raise ValueError(
                    f"edge '{edge.start} -> {edge.end}' runs through node {name!r}: give it a side (around: ...)"
                )
    return path


def _vertical(start: Box, end: Box) -> list[Point]:
    return (
        [(start.x, start.bottom), (end.x, end.top)] if start.y < end.y else [(start.x, start.top), (end.x, end.bottom)]
    )


def _step(start: Box, end: Box, boxes: Iterable[Box]) -> list[Point]:
    """Down, across in the gap before the end's row, down."""
    (x1, y1), (x2, y2) = _vertical(start, end)
    if y1 < y2:
        across = (y2 + max(box.bottom for box in boxes if box.bottom < y2)) / 2
    else:
        across = (y2 + min(box.top for box in boxes if box.top > y2)) / 2
    return [(x1, y1), (x1, across), (x2, across), (x2, y2)]


def _bypass(side: str, start: Box, end: Box, boxes: dict[str, Box]) -> list[Point]:
    if side in ("above", "below"):
        turned = {name: _turned(box) for name, box in boxes.items()}
        return _swapped(_bypass("left" if side == "above" else "right", _turned(start), _turned(end), turned))
    span = Box(-math.inf, min(start.top, end.top), math.inf, max(start.bottom, end.bottom))
    column = Box(min(start.left, end.left), span.top, max(start.right, end.right), span.bottom)
    passed = [box for box in boxes.values() if box.touches(column)]
    if side == "left":
        x = min(box.left for box in passed) - BYPASS
        return [(start.left, start.y), (x, start.y), (x, end.y), (end.left, end.y)]
    x = max(box.right for box in passed) + BYPASS
    return [(start.right, start.y), (x, start.y), (x, end.y), (end.right, end.y)]


def _turned(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)


def _swapped(path: list[Point]) -> list[Point]:
    return [(y, x) for x, y in path]


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _label_box(text: str, path: list[Point]) -> Box:
    """Place of a label: the middle of the longest stretch."""
    (x1, y1), (x2, y2) = max(zip(path, path[1:], strict=False), key=lambda ends: math.dist(*ends))
    x, y, half = (x1 + x2) / 2, (y1 + y2) / 2, text_width(text) / 2
    return Box(x - half, y - LINE_HEIGHT / 2, x + half, y + LINE_HEIGHT / 2)


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


def _draw_label(text: str, path: list[Point]) -> str:
    box = _label_box(text, path)
    return f'<text class="label" x="{box.x:.1f}" y="{box.y + FONT_SIZE * 0.33:.1f}">{escape(text)}</text>'
