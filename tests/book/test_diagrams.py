import xml.etree.ElementTree as ET
from io import StringIO
from itertools import pairwise

import pytest
from _sphinx.diagram_layout import place_frame, place_nodes, route_edge
from _sphinx.diagram_svg import MAX_WIDTH, draw
from _sphinx.diagram_text import Group, read_diagram
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

SVG = "{http://www.w3.org/2000/svg}"
WALK = """
flow: right
nodes:
  text: {at: [0, 0], text: "text", kind: data}
  ids: {at: [1, 0], text: "token ids\\n`B T`", kind: data}
  model: {at: [2, 0], text: GPT, kind: model}
  loss: {at: [2, 1], text: loss}
edges:
  - text -> ids: encode
  - ids -> model
  - ids -> loss
  - model -> text: {text: choose, around: above}
groups:
  - {text: data, around: [text, ids]}
"""


def svg_of(text):
    return ET.fromstring(draw(read_diagram(text), name="d", title="a < b", description='"quoted" & more'))


def column(*texts, edges="[]"):
    nodes = "".join(f"  n{i}: {{at: [0, {i}], text: '{text}'}}\n" for i, text in enumerate(texts))
    return f"nodes:\n{nodes}edges: {edges}"


def test_a_drawing_has_all_its_parts_and_a_name():
    svg = svg_of(WALK).find(f"{SVG}svg")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "d-title d-desc"
    assert svg.find(f"{SVG}title").text == "a < b"
    assert svg.find(f"{SVG}desc").text == '"quoted" & more'
    groups = [group.get("class") for group in svg.findall(f"{SVG}g")]
    assert groups.count("edge") == 4
    assert [name for name in groups if name.startswith("node")] == ["node data", "node data", "node model", "node step"]
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert set(texts) == {"text", "token ids", "B T", "GPT", "loss", "encode", "choose", "data"}
    assert [text.text for text in svg.iter(f"{SVG}text") if text.get("class") == "code"] == ["B T"]


def test_everything_lies_inside_the_view():
    svg = svg_of(WALK).find(f"{SVG}svg")
    left, top, width, height = (float(part) for part in svg.get("viewBox").split())
    for rect in svg.iter(f"{SVG}rect"):
        assert left <= float(rect.get("x")) <= left + width - float(rect.get("width"))
        assert top <= float(rect.get("y")) <= top + height - float(rect.get("height"))
    for head in svg.iter(f"{SVG}polygon"):
        for point in head.get("points").split():
            x, y = map(float, point.split(","))
            assert left <= x <= left + width
            assert top <= y <= top + height


def test_the_same_text_gives_the_same_drawing():
    assert draw(read_diagram(WALK), name="d", title="t", description="d") == draw(
        read_diagram(WALK), name="d", title="t", description="d"
    )


def test_edges_go_from_border_to_border():
    diagram = read_diagram(WALK)
    boxes = place_nodes(diagram)
    for edge in diagram.edges:
        path = route_edge(edge, diagram, boxes)
        for (x, y), box in ((path[0], boxes[edge.start]), (path[-1], boxes[edge.end])):
            on_side = x in (box.left, box.right) and box.top < y < box.bottom
            on_end = y in (box.top, box.bottom) and box.left < x < box.right
            assert on_side or on_end, edge
        assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in pairwise(path)), edge


@pytest.mark.parametrize("flow", ["down", "right"])
@pytest.mark.parametrize(("start", "end"), [("a", "d"), ("d", "a"), ("b", "c"), ("c", "b")])
def test_steps_pass_between_rows_or_columns(flow, start, end):
    corners = {"a": [0, 0], "b": [1, 0], "c": [0, 1], "d": [1, 1]}
    nodes = ", ".join(f"{name}: {{at: {place}, text: {name}}}" for name, place in corners.items())
    diagram = read_diagram(f"nodes: {{{nodes}}}\nflow: {flow}\nedges: [{start} -> {end}]")
    boxes = place_nodes(diagram)
    path = route_edge(diagram.edges[0], diagram, boxes)
    axis = 1 if flow == "down" else 0
    turn = path[1][axis]
    assert path[1][axis] == path[2][axis]
    edges_before = [box.bottom if flow == "down" else box.right for box in boxes.values()]
    edges_after = [box.top if flow == "down" else box.left for box in boxes.values()]
    assert min(edges_before) < turn < max(edges_after)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_bypass_clears_what_it_passes(side):
    diagram = read_diagram(column("in", "something wide", "out", edges=f"[n0 -> n2: {{around: {side}}}]"))
    boxes = place_nodes(diagram)
    path = route_edge(diagram.edges[0], diagram, boxes)
    assert path[1][0] < boxes["n1"].left if side == "left" else path[1][0] > boxes["n1"].right


def test_a_place_between_two_columns_is_their_middle():
    boxes = place_nodes(
        read_diagram("nodes: {a: {at: [0, 0], text: a}, b: {at: [1, 0], text: bbb}, c: {at: [0.5, 1], text: c}}")
    )
    assert boxes["c"].x == pytest.approx((boxes["a"].x + boxes["b"].x) / 2)


def test_wide_characters_need_wider_boxes():
    boxes = place_nodes(read_diagram(column("注意力注意力注意力", "attention")))
    widths = {name: box.right - box.left for name, box in boxes.items()}
    assert widths["n0"] > 1.4 * widths["n1"]


def test_only_what_scrolls_on_a_phone_takes_the_focus():
    assert svg_of(column("small")).get("tabindex") is None
    wide = "nodes: {a: {at: [0, 0], text: " + "a" * 45 + "}, b: {at: [1, 0], text: " + "b" * 30 + "}}"
    assert svg_of(wide).get("tabindex") == "0"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nodes: [", "not valid YAML"),
        ("just words", "must be a mapping with the keys nodes, flow, edges, groups"),
        ("edges: []", "the diagram has no 'nodes'"),
        ("nodes: {}", "must map each node's name to its place and text"),
        ("nodes: {a: {text: a}}", "node 'a' has no 'at'"),
        ("nodes: {a: {at: [0, 0]}}", "node 'a' has no 'text'"),
        ("nodes: {a: {at: 3, text: a}}", r"node 'a': at=3 must be \[column, row\]"),
        ("nodes: {a: {at: [0, -1], text: a}}", r"must be \[column, row\], counted from 0"),
        ("nodes: {a: {at: [0, 0], text: a, color: red}}", "node 'a': 'color' is not one of at, text, kind"),
        ("nodes: {a: {at: [0, 0], text: a, kind: blob}}", "kind='blob' is not one of data, step, model, note"),
        ("nodes: {a: {at: [0, 0], text: a}}\nflow: up", "flow='up' is not one of down, right"),
        (column("a", "b", edges="[n0 -> n7]"), "edge 'n0 -> n7': there is no node 'n7'; the nodes are n0, n1"),
        (column("a", "b", edges="[n0 n1]"), "edge 'n0 n1' must read 'from -> to'"),
        (column("a", "b", edges="[n0 -> n0]"), "must join two different nodes"),
        (column("a", "b", edges="[n0 -> n1: {around: top}]"), "around='top' is not one of left, right, above, below"),
        (column("a", "b", edges="n0 -> n1"), "edges: 'n0 -> n1' must be a list"),
        (column("a") + "\ngroups: [{text: g, around: []}]", "group 'g' must go around at least one node"),
        (column("a") + "\ngroups: [{text: g, around: [b]}]", "group 'g': there is no node 'b'"),
    ],
)
def test_a_bad_text_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        read_diagram(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nodes: {a: {at: [0, 0], text: a}, b: {at: [0, 0], text: b}}", "nodes 'a' and 'b' overlap"),
        (column("a", "b", "c", edges="[n0 -> n2]"), "edge 'n0 -> n2' runs through node 'n1': give it a side"),
        (column("a", "b", "c") + "\ngroups: [{text: g, around: [n0, n2]}]", "runs over node 'n1', which is not in it"),
        (column("x" * 150), f"more than {MAX_WIDTH}: shorten a text"),
        (
            "nodes: {a: {at: [0, 0], text: a}, b: {at: [1, 0.5], text: b}, c: {at: [0, 1], text: c}}\nedges: [a -> b]",
            "no gap to step in",
        ),
    ],
)
def test_a_drawing_that_does_not_work_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        svg_of(text)


def test_a_frame_has_room_for_its_text():
    boxes = place_nodes(read_diagram(column("a")))
    frame = place_frame(Group(text="a long name for a small group", members=("n0",)), boxes, [])
    assert frame.right - frame.left > 200
    assert frame.top < boxes["n0"].top - 20


def build_page(folder, text):
    """Build one page of Markdown; return its HTML and the warnings."""
    (folder / "index.md").write_text(f"# Page\n\n{text}")
    warnings = StringIO()
    suffixes = {".md": "markdown"}  # not the default, which other builds change in place
    settings = {"extensions": ["myst_parser", "_sphinx.diagrams"], "numfig": True, "source_suffix": suffixes}
    with patch_docutils(folder), docutils_namespace():
        app = Sphinx(folder, None, folder / "out", folder / "trees", "html", settings, status=None, warning=warnings)
        app.build()
    return (folder / "out" / "index.html").read_text(), warnings.getvalue()


@pytest.mark.filterwarnings("default")  # Sphinx's own are not ours to mend
def test_the_directive_makes_a_numbered_figure(tmp_path):
    body = ":name: walk\n:alt: Text leads to *ids*.\n" + WALK
    html, warnings = build_page(
        tmp_path, f"See {{numref}}`walk`.\n\n```{{diagram}} From *text* to loss.\n{body}\n```\n"
    )
    assert warnings == ""
    assert "<desc" in html
    assert "Text leads to *ids*.</desc>" in html
    assert '<title id="diagram-0-title">From text to loss.</title>' in html
    assert '<figure class="diagram-figure align-default" id="walk">' in html
    assert 'href="#walk"><span class="std std-numref">Fig. 1</span>' in html
    assert "From <em>text</em> to loss." in html


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("body", "message"),
    [(WALK, "a diagram needs :alt:"), (":alt: words\n\nnodes: 3", "must map each node's name to its place and text")],
)
def test_the_directive_reports_a_fault_with_its_line(tmp_path, body, message):
    _, warnings = build_page(tmp_path, f"```{{diagram}} A caption\n{body}\n```\n")
    assert message in warnings
    assert "index.md:3" in warnings
