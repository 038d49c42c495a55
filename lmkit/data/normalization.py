"""Cleaning steps that change a text: broken Unicode, markup, control characters, white space."""

from html.parser import HTMLParser

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


def repair_unicode(document: str) -> str:
    """Undo wrong decodings and write each character in one way only.

    Text that was decoded with the wrong encoding is restored, HTML entities become the characters that they stand for,
    and ligatures plain letters. Then canonically equivalent sequences are composed (NFC), so that "é" is one code
    point however it was typed. Curly quotes and full-width punctuation stay: in Chinese they are right.

    Args:
        document: Any text.

    Returns:
        The repaired text.

    Raises:
        ImportError: Without the extra ``lmkit-book[data]``.

    Source:
        ftfy: Speer (2019). NFC: Unicode Standard Annex 15.

    Example:
        >>> repair_unicode("The cafÃ© is open â€“ really")
        'The café is open – really'
    """
    try:
        from ftfy import TextFixerConfig, fix_text
    except ImportError as error:
        raise ImportError("repair_unicode needs the package ftfy: pip install 'lmkit-book[data]'") from error
    return fix_text(document, TextFixerConfig(normalization="NFC", uncurl_quotes=False, fix_character_width=False))


def strip_markup(document: str) -> str:
    """Remove HTML tags, comments, scripts and styles, and resolve character references.

    Only the tags of HTML count, so that ``vector<int>`` and ``a < b`` stay, and a text without any of them is not
    touched. Tags that end a line on the page end a line in the text.

    Args:
        document: A text with or without HTML.

    Returns:
        What a reader of the page would see.

    Source:
        The tags are those of the HTML Living Standard, section 4.

    Example:
        >>> strip_markup("<p>If a &lt; b, use <b>std::vector</b><int>.</p><script>track()</script>")
        'If a < b, use std::vector<int>.'
    """
    if not _MARKUP.search(document):
        return document
    reader = _PageReader(convert_charrefs=True)
    reader.feed(document)
    reader.close()
    return "".join(reader.parts).strip("\n")


_MARKUP = regex.compile(rf"(?i)<!--|<!doctype|</?(?:{'|'.join(BLOCK_TAGS | INLINE_TAGS | HIDDEN_TAGS)})\b[^<>]*>")


class _PageReader(HTMLParser):
    """Collects the text of a page, and keeps tags that are none."""

    def reset(self) -> None:
        super().reset()
        self.parts: list[str] = []
        self.hidden_by: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN_TAGS:
            self.hidden_by = self.hidden_by or tag
        else:
            self._replace_tag(tag, self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HIDDEN_TAGS:
            self._replace_tag(tag, self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.hidden_by:
            self.hidden_by = None
        else:
            self._replace_tag(tag, f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.hidden_by is None:
            self.parts.append(data)

    def _replace_tag(self, tag: str, raw: str) -> None:
        if tag in BLOCK_TAGS:
            self.handle_data("\n")
        elif tag not in INLINE_TAGS | HIDDEN_TAGS:
            self.handle_data(raw)


_CONTROL = regex.compile(r"(?V1)[[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\uFEFF]--[\n\t]]")


def remove_control_characters(document: str) -> str:
    r"""Remove what is no character of a text: control codes but newline and tab, lone surrogates, noncharacters.

    Line ends of other systems become newlines first. Joiners and marks of direction stay: some scripts need them.

    Args:
        document: Any text.

    Returns:
        The text without them.

    Source:
        General categories Cc and Cs, and the property Noncharacter_Code_Point: Unicode Standard, chapters 4 and 23.

    Example:
        >>> remove_control_characters("one\r\ntwo\x00\x07 \ufeffthree")
        'one\ntwo three'
    """
    return _CONTROL.sub("", document.replace("\r\n", "\n").replace("\r", "\n"))


_SPACES = regex.compile(r"[^\S\n]*\n")
_BLANK_LINES = regex.compile(r"\n{3,}")


def normalize_whitespace(document: str) -> str:
    r"""Remove spaces at line ends, blank lines beyond one, and white space around the text.

    Spaces at the start of a line stay, as they mean something in code.

    Args:
        document: Any text.

    Returns:
        The text with one blank line at most between paragraphs; cleaned again, it stays as it is.

    Example:
        >>> normalize_whitespace("\n one  \n\n\n\n    two\n")
        ' one\n\n    two'
    """
    return _BLANK_LINES.sub("\n\n", _SPACES.sub("\n", document + "\n")).strip("\n")
