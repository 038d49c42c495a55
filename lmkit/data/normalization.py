"""Cleaning steps that change a text: broken Unicode, control characters, whitespace."""

import regex


def repair_unicode(document: str) -> str:
    """Fix wrongly decoded text and give each character a single representation.

    Text that was decoded with the wrong encoding is restored, HTML entities become the characters they represent, and
    ligatures become plain letters. Then canonically equivalent sequences are composed (NFC), so that "é" is one code
    point however it was typed. Curly quotes and full-width punctuation stay: they are correct in Chinese.

    Args:
        document: Any text.

    Returns:
        The repaired text.

    Raises:
        ImportError: If the extra ``lmkit-book[data]`` is not installed.

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


_CONTROL = regex.compile(r"(?V1)[[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\uFEFF]--[\n\t]]")


def remove_control_characters(document: str) -> str:
    r"""Remove characters that do not belong in text: control codes except newline and tab, surrogates, noncharacters.

    Line endings of other systems become newlines first. Joiners and direction marks stay: some scripts need them.

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


_BLANK_LINES = regex.compile(r"\n{3,}")


def normalize_whitespace(document: str) -> str:
    r"""Remove trailing spaces, repeated empty lines, and whitespace around the text.

    Spaces at the start of a line stay, because they have a meaning in code.

    Args:
        document: Any text.

    Returns:
        The text with at most one empty line between paragraphs; cleaning it again changes nothing.

    Example:
        >>> normalize_whitespace("\n one  \n\n\n\n    two\n")
        ' one\n\n    two'
    """
    lines = "\n".join(line.rstrip() for line in document.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")
