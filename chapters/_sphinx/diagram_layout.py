"""Lay a diagram out on its grid: where its nodes, frames, edges and labels are.

Lengths are in pixels; x points right and y points down.
"""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from _sphinx.diagram_text import Diagram, Edge, Group, Node

FONT_SIZE = 15
LINE_HEIGHT = 20
NODE_PADDING = 14
NODE_MIN_WIDTH = 64
COLUMN_GAP = 44
ROW_GAP = 40
GROUP_PADDING = 13
GROUP_LABEL = 22
LABEL_PADDING = 16
BYPASS = 22
SMALLEST_GAP = 20

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
    column_gaps, row_gaps = _gaps(diagram, columns, rows)
    xs = _centres(columns, {name: width for name, (width, _) in sizes.items()}, column_gaps)
    ys = _centres(rows, {name: height for name, (_, height) in sizes.items()}, row_gaps)
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


def place_frame(group: Group, boxes: dict[str, Box], inner_edges: Iterable[Box]) -> Box:
    """The frame around a group's nodes and the edges between them, with room for its text at the top."""
    inner = surround([*(boxes[name] for name in group.members), *inner_edges]).grown(GROUP_PADDING)
    right = max(inner.right, inner.left + text_width(group.text) + 2 * GROUP_PADDING)
    frame = Box(inner.left, inner.top - GROUP_LABEL, right, inner.bottom)
    for name, box in boxes.items():
        if name not in group.members and frame.touches(box):
            raise ValueError(f"the frame of group {group.text!r} runs over node {name!r}, which is not in it")
    return frame


def route_edge(edge: Edge, diagram: Diagram, boxes: dict[str, Box]) -> list[Point]:
    """Corners of an edge; every stretch is horizontal or vertical."""
    start, end = boxes[edge.start], boxes[edge.end]
    if edge.around:
        path = _bypass(edge.around, start, end, boxes)
    elif abs(start.x - end.x) < 1:
        path = _vertical(start, end)
    elif abs(start.y - end.y) < 1:
        path = _swapped(_vertical(_turned(start), _turned(end)))
    elif diagram.flow == "down":
        path = _step(start, end, list(boxes.values()))
    else:
        path = _swapped(_step(_turned(start), _turned(end), [_turned(box) for box in boxes.values()]))
    for (x1, y1), (x2, y2) in pairwise(path):
        stretch = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)).grown(1)
        for name, box in boxes.items():
            if name not in (edge.start, edge.end) and stretch.touches(box):
                raise ValueError(
                    f"edge '{edge.start} -> {edge.end}' runs through node {name!r}: give it a side (around: ...)"
                )
    return path


def place_label(text: str, path: list[Point]) -> Box:
    """Place of a label: the middle of the longest stretch."""
    (x1, y1), (x2, y2) = max(pairwise(path), key=lambda ends: math.dist(*ends))
    x, y, half = (x1 + x2) / 2, (y1 + y2) / 2, text_width(text) / 2
    return Box(x - half, y - LINE_HEIGHT / 2, x + half, y + LINE_HEIGHT / 2)


def surround(boxes: Iterable[Box]) -> Box:
    """The smallest rectangle around some others."""
    boxes = list(boxes)
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _node_size(node: Node) -> tuple[float, float]:
    width = max(text_width(line.strip("`")) for line in node.lines) + 2 * NODE_PADDING
    return max(width, NODE_MIN_WIDTH), len(node.lines) * LINE_HEIGHT + 1.4 * NODE_PADDING


def _gaps(diagram: Diagram, columns: dict[str, float], rows: dict[str, float]) -> tuple[list[float], list[float]]:
    """Room between neighbouring columns and rows: more where a label or the border of a group needs it."""
    column_gaps = [float(COLUMN_GAP)] * math.ceil(max(columns.values()))
    row_gaps = [float(ROW_GAP)] * math.ceil(max(rows.values()))
    for edge in diagram.edges:
        first, last = sorted((rows[edge.start], rows[edge.end]))
        if not edge.text or edge.around:
            continue
        if first == last:
            gap = math.floor(min(columns[edge.start], columns[edge.end]))
            column_gaps[gap] = max(column_gaps[gap], text_width(edge.text) + 2 * LABEL_PADDING)
        else:
            gap = math.floor((first + last) / 2)
            row_gaps[gap] = max(row_gaps[gap], ROW_GAP + LINE_HEIGHT)
    for group in diagram.groups:
        above = math.floor(min(rows[name] for name in group.members)) - 1
        below = math.ceil(max(rows[name] for name in group.members))
        if above >= 0:
            row_gaps[above] += GROUP_LABEL + GROUP_PADDING
        if below < len(row_gaps):
            row_gaps[below] += GROUP_PADDING
    return column_gaps, row_gaps


def _centres(places: dict[str, float], sizes: dict[str, float], gaps: list[float]) -> dict[str, float]:
    """Centre of each node along one axis."""
    tracks = [0.0] * (len(gaps) + 1)
    for name, place in places.items():
        if place == int(place):
            tracks[int(place)] = max(tracks[int(place)], sizes[name])
    centres = [sum(tracks[:i]) + sum(gaps[:i]) + size / 2 for i, size in enumerate(tracks)]
    return {
        name: centres[math.floor(place)] * (1 - place % 1) + centres[math.ceil(place)] * (place % 1)
        for name, place in places.items()
    }


def _vertical(start: Box, end: Box) -> list[Point]:
    down = start.y < end.y
    return [(start.x, start.bottom if down else start.top), (end.x, end.top if down else end.bottom)]


def _step(start: Box, end: Box, boxes: list[Box]) -> list[Point]:
    """Down, across in the gap before the end's row, down; or the same upwards."""
    if start.y > end.y:
        return [(x, -y) for x, y in _step(_mirrored(start), _mirrored(end), [_mirrored(box) for box in boxes])]
    row_top = min(box.top for box in boxes if abs(box.y - end.y) < 1)
    above = max((box.bottom for box in boxes if box.bottom < row_top), default=-math.inf)
    if above < start.bottom or row_top - above < SMALLEST_GAP:
        raise ValueError("an edge that steps has no gap to step in: put its ends at different whole rows or columns")
    across = (row_top + above) / 2
    return [(start.x, start.bottom), (start.x, across), (end.x, across), (end.x, end.top)]


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


def _mirrored(box: Box) -> Box:
    return Box(box.left, -box.bottom, box.right, -box.top)


def _swapped(path: list[Point]) -> list[Point]:
    return [(y, x) for x, y in path]
