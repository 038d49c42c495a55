r"""Read the text of a diagram: nodes on a grid, edges between them, groups around them.

::

    flow: down                     # or right: where edges leave that change both row and column
    nodes:
      text: {at: [0, 0], text: "text", kind: data}
      ids:  {at: [1, 0], text: "token ids\n`B T`", kind: data}
    edges:
      - text -> ids: encode        # a label is optional
      - ids -> text: {text: decode, around: below}
    groups:
      - {text: the walk, around: [text, ids]}
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

KINDS = ("data", "step", "model", "note")
FLOWS = ("down", "right")
SIDES = ("left", "right", "above", "below")


@dataclass(frozen=True, kw_only=True)
class Node:
    """A box with text. A line in backquotes is set as code."""

    name: str
    column: float
    row: float
    lines: tuple[str, ...]
    kind: str


@dataclass(frozen=True, kw_only=True)
class Edge:
    """An arrow; ``around`` names the side on which it passes the nodes between its ends."""

    start: str
    end: str
    text: str
    around: str | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """A frame around some nodes."""

    text: str
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """All that is drawn."""

    flow: str
    nodes: dict[str, Node]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...]


def read_diagram(text: str) -> Diagram:
    """Read a diagram.

    Raises:
        ValueError: If the text is not YAML or does not describe a diagram; the message names the entry.
    """
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"the diagram is not valid YAML: {error}") from error
    entries = _mapping("the diagram", content, required=["nodes"], optional=["flow", "edges", "groups"])
    named = entries["nodes"]
    if not isinstance(named, dict) or not named:
        raise ValueError(f"nodes: {named!r} must map each node's name to its place and text")
    nodes = {str(name): _node(str(name), entry) for name, entry in named.items()}
    return Diagram(
        flow=_choice("flow", entries.get("flow", "down"), FLOWS),
        nodes=nodes,
        edges=tuple(_edge(entry, nodes) for entry in _list("edges", entries.get("edges", []))),
        groups=tuple(_group(entry, nodes) for entry in _list("groups", entries.get("groups", []))),
    )


def _node(name: str, entry: Any) -> Node:
    where = f"node {name!r}"
    entry = _mapping(where, entry, required=["at", "text"], optional=["kind"])
    place = entry["at"]
    if not (isinstance(place, list) and len(place) == 2 and all(_is_number(part) and part >= 0 for part in place)):
        raise ValueError(f"{where}: at={place!r} must be [column, row], counted from 0")
    return Node(
        name=name,
        column=place[0],
        row=place[1],
        lines=tuple(str(entry["text"]).strip().split("\n")),
        kind=_choice(f"{where}: kind", entry.get("kind", "step"), KINDS),
    )


def _edge(entry: Any, nodes: dict[str, Node]) -> Edge:
    ends, detail = entry, {}
    if isinstance(entry, dict) and len(entry) == 1:
        ends, detail = next(iter(entry.items()))
    parts = [part.strip() for part in str(ends).split("->")]
    if len(parts) != 2:
        raise ValueError(f"edge {entry!r} must read 'from -> to' or 'from -> to: label'")
    start, end = parts
    where = f"edge '{start} -> {end}'"
    _known(where, parts, nodes)
    if start == end:
        raise ValueError(f"{where} must join two different nodes")
    if not isinstance(detail, dict):
        detail = {"text": detail}
    detail = _mapping(where, detail, required=[], optional=["text", "around"])
    around = detail.get("around")
    return Edge(
        start=start,
        end=end,
        text=str(detail.get("text", "")),
        around=None if around is None else _choice(f"{where}: around", around, SIDES),
    )


def _group(entry: Any, nodes: dict[str, Node]) -> Group:
    entry = _mapping("group", entry, required=["text", "around"], optional=[])
    where = f"group {entry['text']!r}"
    members = [str(member) for member in _list(f"{where}: around", entry["around"])]
    if not members:
        raise ValueError(f"{where} must go around at least one node")
    _known(where, members, nodes)
    return Group(text=str(entry["text"]), members=tuple(members))


def _mapping(where: str, entry: Any, required: list[str], optional: list[str]) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise ValueError(f"{where}: {entry!r} must be a mapping with the keys {', '.join(required + optional)}")
    for key in required:
        if key not in entry:
            raise ValueError(f"{where} has no {key!r}")
    for key in entry:
        if key not in required + optional:
            raise ValueError(f"{where}: {key!r} is not one of {', '.join(required + optional)}")
    return entry


def _list(where: str, entry: Any) -> list[Any]:
    if not isinstance(entry, list):
        raise ValueError(f"{where}: {entry!r} must be a list")
    return entry


def _choice(where: str, value: Any, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise ValueError(f"{where}={value!r} is not one of {', '.join(choices)}")
    return value


def _known(where: str, names: Iterable[str], nodes: dict[str, Node]) -> None:
    for name in names:
        if name not in nodes:
            raise ValueError(f"{where}: there is no node {name!r}; the nodes are {', '.join(nodes)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
