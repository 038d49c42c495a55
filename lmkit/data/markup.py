"""Remove the markup of a web page, but keep markup that the text talks about.

Tags are found in one pass and paired by name. A tag that belongs to no element, as in "a <script> tag" or ``Pair<U>``,
is text. The running time is proportional to the length of the document.
"""

import html
from bisect import bisect_right
from collections import defaultdict
from typing import NamedTuple

import regex

_BLOCKS = """
    address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer form h1 h2
    h3 h4 h5 h6 head header hr html legend li main nav ol option p pre section select summary table tbody td tfoot th
    thead title tr ul"""
_INLINE = """
    a abbr b bdi bdo button cite code col colgroup data del dfn em font i iframe img input ins kbd label link mark meta
    meter object picture q s samp small source span strike strong sub sup svg time tt u var video wbr"""
BLOCK_TAGS = frozenset(_BLOCKS.split())
INLINE_TAGS = frozenset(_INLINE.split())
HIDDEN_TAGS = frozenset({"noscript", "script", "style", "template"})
BREAK_TAGS = frozenset({"br", "hr", "wbr"})
NEEDS_ATTRIBUTES = frozenset({"col", "img", "input", "link", "meta", "source"})
MAY_STAY_OPEN = frozenset("body caption colgroup dd dt head html li option p tbody td tfoot th thead tr".split())  # noqa: SIM905

_NAMES = "|".join(sorted(BLOCK_TAGS | INLINE_TAGS | HIDDEN_TAGS, key=len, reverse=True))
_TAG = regex.compile(
    rf"""(?xi) <!--(?P<comment>) | <!doctype [^<>]* > (?P<doctype>)
        | < (?P<slash> /? ) (?P<name> {_NAMES} ) (?= [\s/>] )
            (?P<attributes> (?: \s++ [^\s"'<>/=]++
                (?: \s*+ = \s*+ (?: "[^"]*+" | '[^']*+' | [^\s"'=<>`]++ ) )?+ ){{0,40}}+ ) \s*+ /? >"""
)
_MENTION_AFTER = regex.compile(r"(?i) (?:tags?|elements?)\b| ?(?:标签|標籤|元素|タグ|要素)")
_BETWEEN_MENTIONS = regex.compile(
    r"(?i)\s*(?:and|or|with|to|then|until|through|,|/|-|–|\.\.\.|…|和|与|或|到|と|から|、)\s*"
)
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "`": "`"}
_SHORT_CODE = 1000


class _Tag(NamedTuple):
    start: int
    end: int
    name: str
    closes: bool
    bare: bool


def strip_markup(document: str) -> str:
    """Remove HTML tags, comments, scripts and styles, and resolve character references.

    Only HTML elements count: an opening tag with its closing tag, or one that needs none. So ``vector<int>``,
    ``Pair<U>`` and ``a < b`` stay, and a text without markup is not changed. Tags that a text talks about stay too: in
    quotes or Markdown code, before the word *tag* or *element*, or joined as in "<b> and </b>". Tags that end a line
    on the page end a line in the text; line breaks within the blocks of a page's source become spaces, as in a browser.
    trafilatura, which expects pages and not prose, also drops menus and footers; this function keeps all text.

    Args:
        document: A text with or without HTML.

    Returns:
        The text that a reader of the page would see.

    Source:
        The tags are those of the HTML Living Standard, section 4.

    Example:
        >>> strip_markup("<p>If a &lt; b, use <b>std::vector</b><int>.</p><script>track()</script>")
        'If a < b, use std::vector<int>.'
        >>> strip_markup("Put your code in a <script> tag.")
        'Put your code in a <script> tag.'
    """
    if "<" not in document:
        return document
    tags, is_page = _find_tags(document)
    elements, paired = _pair(tags, document)
    if not elements:
        return document
    return _render(document, [tag for tag in tags if tag in elements], paired, is_page)


def _find_tags(document: str) -> tuple[list[_Tag], bool]:
    """Find what looks like a tag, and whether the document is a whole page. Comments are tags without a name."""
    is_page = regex.search(r"(?i)<!doctype html|<html[\s>]|<body[\s>]", document) is not None
    code = [] if is_page else _code_spans(document)
    starts = [start for start, _ in code]
    never_closed: set[str] = set()
    tags: list[_Tag] = []
    position = 0
    while match := _TAG.search(document, position):
        position = match.end()
        number = bisect_right(starts, match.start()) - 1
        if number >= 0 and match.start() < code[number][1]:
            position = max(code[number][1], position)
            continue
        if match["comment"] is not None and "comment" not in never_closed:
            if (end := document.find("-->", position)) >= 0:
                position = end + len("-->")
                tags.append(_Tag(match.start(), position, "", False, True))
            else:
                never_closed.add("comment")
        if match["doctype"] is not None:
            tags.append(_Tag(match.start(), position, "", False, True))
        if match["name"] is None:
            continue
        tag = _Tag(match.start(), match.end(), match["name"].lower(), bool(match["slash"]), not match["attributes"])
        if tag.name in HIDDEN_TAGS and not tag.closes and not _is_mentioned(tag, document):
            closing = None
            if tag.name not in never_closed:
                closing = regex.compile(rf"(?i)</{tag.name}\s*+>").search(document, tag.end)
            if closing is None:
                never_closed.add(tag.name)
            elif not _BETWEEN_MENTIONS.fullmatch(document, tag.end, closing.start()):
                tags.append(tag._replace(end=closing.end(), name=""))
                position = closing.end()
            continue
        tags.append(tag)
    return tags, is_page


def _code_spans(document: str) -> list[tuple[int, int]]:
    """Find Markdown code: between two backtick runs of equal length, within one paragraph unless three or more."""
    runs = [match.span() for match in regex.finditer("`+", document)]
    following: dict[int, int] = {}
    partner = [-1] * len(runs)
    for number in reversed(range(len(runs))):
        length = runs[number][1] - runs[number][0]
        partner[number] = following.get(length, -1)
        following[length] = number
    spans = []
    number = 0
    while number < len(runs):
        start, inside = runs[number]
        other = partner[number]
        number += 1
        if other < 0:
            continue
        fenced = inside - start >= 3
        if fenced or (runs[other][0] - inside < _SHORT_CODE and "\n\n" not in document[inside : runs[other][0]]):
            spans.append((start, runs[other][1]))
            number = other + 1
    return spans


def _is_mentioned(tag: _Tag, document: str) -> bool:
    before, after = document[tag.start - 1 : tag.start], document[tag.end : tag.end + 1]
    if before and _QUOTES.get(before) == after:
        return True
    words_before = document[max(tag.start - 2, 0) : tag.start].removesuffix(" ")[-1:]
    in_sentence = words_before.isalnum() or words_before in (",", ":", "(", "，", "、", "：")
    return in_sentence and tag.bare and not tag.closes and _MENTION_AFTER.match(document, tag.end) is not None


def _pair(tags: list[_Tag], document: str) -> tuple[set[_Tag], set[_Tag]]:
    """Choose the tags that belong to elements, and those among them that are paired."""
    alone: set[_Tag] = set()
    paired: set[_Tag] = set()
    opened: dict[str, list[_Tag]] = defaultdict(list)
    for tag in tags:
        if tag.name == "":
            alone.add(tag)
        elif _is_mentioned(tag, document):
            continue
        elif tag.closes:
            if opened[tag.name]:
                opening = opened[tag.name].pop()
                if _BETWEEN_MENTIONS.fullmatch(document, opening.end, tag.start):
                    alone -= {opening}
                else:
                    paired |= {opening, tag}
        elif tag.name in BREAK_TAGS or (tag.name in NEEDS_ATTRIBUTES and not tag.bare):
            alone.add(tag)
        elif tag.name not in NEEDS_ATTRIBUTES:
            opened[tag.name].append(tag)
            is_type = tag.bare and document[tag.start + 1].isupper() and document[tag.start - 1 : tag.start].isalnum()
            if tag.name in MAY_STAY_OPEN and not is_type:  # List<P>
                alone.add(tag)
    return alone | paired, paired


_WHITE_SPACE = regex.compile(r"[ \t\r\n\f]+")
_CHINESE = r"\p{Han}\p{Hiragana}\p{Katakana}"
_LINE_BREAK_IN_CHINESE = regex.compile(rf"(?<=[{_CHINESE}。、，！？；：])[ \t\r\f]*+\n[ \t\r\n\f]*+(?=[{_CHINESE}])")


def _render(document: str, tags: list[_Tag], paired: set[_Tag], is_page: bool) -> str:
    """Write the text between the tags."""
    parts: list[str] = []
    depth, pre, position = int(is_page), 0, 0
    at_line_start = True

    def write(text: str) -> None:
        nonlocal at_line_start
        if text and depth and not pre:
            text = _WHITE_SPACE.sub(" ", _LINE_BREAK_IN_CHINESE.sub("", text))
            text = text.lstrip(" ") if at_line_start else text
        if text:
            parts.append(html.unescape(text))
            at_line_start = text.endswith("\n")

    for tag in tags:
        write(document[position : tag.start])
        position = tag.end
        if tag.name not in BLOCK_TAGS:
            continue
        if parts and depth and not pre:
            parts[-1] = parts[-1].rstrip(" ")
        parts.append("\n")
        at_line_start = True
        change = (-1 if tag.closes else 1) if tag in paired else 0
        depth += change
        pre += change if tag.name == "pre" else 0
    write(document[position:])
    return "".join(parts).strip("\n")
