r"""Cleaning steps that mask what may identify a person: e-mail addresses, telephone numbers, IP addresses.

Each returns the new text and the number of masks in it. A match must not touch a letter or digit of an alphabetic
script. It may touch Chinese, Japanese, Korean and Thai characters, because these are written without spaces.
"""

from collections.abc import Callable
from ipaddress import ip_address
from typing import NamedTuple

import regex


class Masked(NamedTuple):
    """A text in which something was masked.

    Attributes:
        text: The text, with labels instead of what was found.
        num_masks: How many labels were inserted.

    Example:
        >>> mask_emails("Write to anna@example.org.")
        Masked(text='Write to [EMAIL].', num_masks=1)
    """

    text: str
    num_masks: int


def mask_emails(document: str, label: str = "[EMAIL]") -> Masked:
    """Replace e-mail addresses.

    An address ends in a top-level domain of at least two letters. Matrix products in code, ``q@k.transpose(`` and
    ``x@w.shape``, have that form too. A match that is followed by a bracket, or has at most two characters on both
    sides of the at sign, counts as an address only if its top-level domain is one of a few very common ones. Every
    other match is masked. datatrove masks all matches without exceptions; presidio checks against the list of all
    top-level domains.

    Args:
        document: The text.
        label: The replacement for each.

    Returns:
        The masked text and the number of masks.

    Source:
        The unquoted form of RFC 5321, section 4.1.2, with letters of the Latin, Greek and Cyrillic scripts.

    Example:
        >>> mask_emails("Write to jane.doe+news@mail.example.org.")
        Masked(text='Write to [EMAIL].', num_masks=1)
    """
    return _mask(_EMAIL, document, label, _is_email) if "@" in document else Masked(document, 0)


def mask_phone_numbers(document: str, label: str = "[PHONE]") -> Masked:
    """Replace telephone numbers: international ones, and those of North America, China and Japan.

    National numbers of other countries look like any other number, and stay. As in phonenumbers, the library behind
    presidio, an international number begins with an existing country code, so ``+3.14159265`` is not one.

    Args:
        document: The text.
        label: The replacement for each.

    Returns:
        The masked text and the number of masks.

    Source:
        International numbers: ITU-T recommendation E.164, at most 15 digits after the plus sign. North America: area
        codes begin with 2 to 9.

    Example:
        >>> mask_phone_numbers("Call +49 (0)30 1234-5678 or (555) 010-4477, not 2024-05-17.").text
        'Call [PHONE] or [PHONE], not 2024-05-17.'
    """
    return _mask(_PHONE, document, label, _is_phone_number)


def mask_ip_addresses(document: str, label: str = "[IP]") -> Masked:
    """Replace public IP addresses, version 4 and 6, but not a port or a prefix length after them.

    Addresses that are not public, such as 127.0.0.1 and 192.168.0.1, stay, as in datatrove. Four numbers can also be a
    version or a section. They stay after a word such as *version* or *section*. If all four are below 32, which holds
    for only one public address in 4,000, they are masked only with a port, or after a word such as *IP* or *server*.

    Args:
        document: The text.
        label: The replacement for each.

    Returns:
        The masked text and the number of masks.

    Source:
        Which addresses are public: the registries of IANA, as the standard library's ``ipaddress`` has them.

    Example:
        >>> mask_ip_addresses("from 8.8.8.8 and 2606:4700::1111 to 127.0.0.1; see section 8.5.1.2")
        Masked(text='from [IP] and [IP] to 127.0.0.1; see section 8.5.1.2', num_masks=2)
    """
    return _mask(_IP, document, label, _is_public_address)


def _mask(
    pattern: regex.Pattern[str], document: str, label: str, is_found: Callable[[regex.Match[str]], bool]
) -> Masked:
    num_masks = 0

    def replace(match: regex.Match[str]) -> str:
        nonlocal num_masks
        if not is_found(match):
            return match.group()
        num_masks += 1
        return label

    return Masked(pattern.sub(replace, document), num_masks)


_LETTER = r"\p{Latin}\p{Greek}\p{Cyrillic}\p{M}"
_ALNUM = rf"{_LETTER}\p{{N}}"

_EMAIL = regex.compile(
    rf"""(?x) (?<! [{_ALNUM}_.+%-] )
        (?P<local> [{_ALNUM}_%+-] (?: [{_ALNUM}_.+%-] | ' (?= [{_ALNUM}] ) ){{0,63}}+ )
        @ (?! \d+x\. )                                                     # logo@2x.png
        (?P<domain> (?: [{_ALNUM}] [{_ALNUM}-]{{0,62}}+ \. ){{1,10}} )
        (?P<top> xn--[a-z0-9-]{{2,59}} | [{_LETTER}]{{2,63}}+ )
        (?! [{_ALNUM}_] )"""
)
_COMMON = "com org net edu gov mil int info biz cn jp kr tw uk de fr ru es nl br ca au ch se pl us"
_COMMON_TOPS = frozenset(_COMMON.split())


def _is_email(match: regex.Match[str]) -> bool:
    top = match["top"]
    if top.lower() in _COMMON_TOPS:
        return True
    followed = match.string[match.end() : match.end() + 1]
    if followed and followed in "([":
        return False
    if len(top) == 2 and top not in (top.lower(), top.upper()):  # q@k.mT
        return False
    return len(match["local"]) > 2 or len(match["domain"]) > 3


_SEPARATOR = r"[\ \u00a0\u2009\u202f().‐‑–-]"
_COUNTRY = r"""(?: 1 | 7 | 2[07] | 2[1-689]\d | 3[0-469] | 3[578]\d | 4[013-9] | 42\d | 5[09]\d | 5[1-8] | 6[0-6]
               | 6[7-9]\d | 8[1246] | 8[035789]\d | 9[0-58] | 9[679]\d )"""
_PHONE = regex.compile(
    rf"""(?x) (?<! [{_ALNUM}_+/] | \d[.,] | [{_ALNUM}_]- ) (?:
          \+ (?P<country> {_COUNTRY} ) (?P<national> (?: {_SEPARATOR}{{0,3}} \d ){{6,14}} )
        | (?: 1[ .-] )? (?: \( [2-9]\d\d \) [ .-]? | [2-9]\d\d [ .-] ) \d{{3}} [ .-] \d{{4}}       # North America
        | (?: (?: 00 )? 86 [ -]? )? 1[3-9]\d (?: [ -]?\d{{4}} ){{2}}                               # Chinese mobile
        | (?: 0\d{{2,3}}- | [(（] 0\d{{2,3}} [)）]\ ? ) [2-9]\d{{6,7}} (?: -\d{{1,4}} )?             # Chinese landline
        | 0[789]0 -? \d{{4}} -? \d{{4}}                                                            # Japanese mobile
        | (?= (?: -?\d ){{10}} (?! \d ) ) 0\d{{1,3}} - \d{{2,4}} - \d{{3,4}}                       # Japanese landline
    ) (?! [{_ALNUM}_] | -[{_ALNUM}] | [.,]\d )"""
)


def _is_phone_number(match: regex.Match[str]) -> bool:
    if match["country"] is None:
        return True
    national = match["national"]
    num_digits = sum(map(str.isdigit, national))
    if match["country"] in ("1", "7"):
        is_decimal = national.startswith(".") and national[1:].isdigit()
        return num_digits == 10 and not is_decimal
    return num_digits + len(match["country"]) <= 15


_IP = regex.compile(
    rf"""(?x)
          (?<! [{_ALNUM}_] | \w\. ) (?P<four> \d{{1,3}} (?: \. \d{{1,3}} ){{3}} ) (?! [{_ALNUM}_] | \.\d )
        | (?<! [{_ALNUM}_.] | (?<! [{_ALNUM}_] ) [0-9a-fA-F]{{0,4}} : )                      # global unicast: 2000::/3
          [23][0-9a-fA-F]{{3}} (?: : [0-9a-fA-F]{{1,4}} | :: [0-9a-fA-F]{{0,4}} ){{1,7}}+ (?: \. \d{{1,3}} ){{0,3}}
          (?! [{_ALNUM}_] | :[0-9a-fA-F:] | \.\d )"""
)
_VERSION_BEFORE = regex.compile(
    r"""(?xi) (?: \b (?: versions? | ver | release | rev | build | v | sections? | sec | chapter | clause | article
        | annex | appendix | paragraph | part | table | figure | fig | item | oid ) \.?
        | § | 版本 | バージョン | [第章节節項] )
        [\ :：=#v]{0,3} $"""
)
_ADDRESS_BEFORE = regex.compile(
    r"""(?xi) (?: \b (?: ips? | ipv4 | address | addr | addresses | hosts? | servers? | dns | nameserver | resolver
        | gateway | peer | client | from | ping ) | 地址 | 服务器 | 主机 | アドレス | サーバー | @ )
        [\ :：=("'是为はが]{0,3} $"""
)
_CONTEXT_CHARS = 20
_PORT_AFTER = regex.compile(r":\d{1,5}(?!\d)|/\d{1,2}(?!\d)")
_SMALL = 32
_RESOLVERS = frozenset({"1.1.1.1", "8.8.8.8", "8.8.4.4", "9.9.9.9"})


def _is_public_address(match: regex.Match[str]) -> bool:
    try:
        if not ip_address(match.group()).is_global:
            return False
    except ValueError:  # the pattern is wider than the format
        return False
    if match["four"] is None or match.group() in _RESOLVERS:
        return True
    before = match.string[max(match.start() - _CONTEXT_CHARS, 0) : match.start()]
    if _VERSION_BEFORE.search(before):
        return False
    if max(map(int, match.group().split("."))) >= _SMALL:
        return True
    return bool(_ADDRESS_BEFORE.search(before) or _PORT_AFTER.match(match.string, match.end()))
