"""Cleaning steps that mask what may identify a person: e-mail addresses, telephone numbers, internet addresses."""

from ipaddress import ip_address

import regex

EMAIL_MASK = "[EMAIL]"
PHONE_MASK = "[PHONE]"
IP_MASK = "[IP]"

_EMAIL = regex.compile(r"(?<![\w.+-])[\w.+%-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}")
_PHONE = regex.compile(
    r"""(?x) (?<![\w+.,/-]) (?:
          \+ \d (?: [ ().-]{0,2} \d ){7,14}                                  # international, at most 15 digits
        | (?: \(\d{3}\)\ ? | \d{3}[ .-] ) \d{3} [ .-] \d{4}                # North American
        | 1[3-9]\d (?: [ -]?\d{4} ){2}                                     # Chinese mobile
    ) (?![\w-]|[.,]\d)"""
)
_IP = regex.compile(
    r"""(?x) (?<![\w.:]) (?:
          \d{1,3} (?: \. \d{1,3} ){3}                                      # version 4
        | [23][0-9a-fA-F]{3} : [0-9a-fA-F:.]* [0-9a-fA-F:]                 # version 6, global unicast: 2000::/3
    ) (?! [\w:] | \.\d )"""
)


def mask_emails(document: str) -> str:
    """Replace e-mail addresses by ``[EMAIL]``.

    Args:
        document: The text.

    Returns:
        The text without them.

    Source:
        The unquoted form of RFC 5321, section 4.1.2, with letters of any script.

    Example:
        >>> mask_emails("Write to jane.doe+news@mail.example.org.")
        'Write to [EMAIL].'
    """
    return _EMAIL.sub(EMAIL_MASK, document) if "@" in document else document


def mask_phone_numbers(document: str) -> str:
    """Replace telephone numbers by ``[PHONE]``: international, North American and Chinese mobile ones.

    Numbers of other countries without their prefix look like any other number, and stay.

    Args:
        document: The text.

    Returns:
        The text without them.

    Source:
        International numbers: ITU-T recommendation E.164, at most 15 digits after the plus sign.

    Example:
        >>> mask_phone_numbers("Call +49 (0)30 1234-5678 or (555) 010-4477, not 2024-05-17.")
        'Call [PHONE] or [PHONE], not 2024-05-17.'
    """
    return _PHONE.sub(PHONE_MASK, document)


def mask_ip_addresses(document: str) -> str:
    """Replace public internet addresses, version 4 and 6, by ``[IP]``.

    Addresses that belong to no one, such as 127.0.0.1 and 192.168.0.1, stay.

    Args:
        document: The text.

    Returns:
        The text without them.

    Source:
        Which addresses are public: the registries of IANA, as the standard library's ``ipaddress`` has them.

    Example:
        >>> mask_ip_addresses("from 8.8.8.8 and 2606:4700::1111 to 127.0.0.1")
        'from [IP] and [IP] to 127.0.0.1'
    """
    return _IP.sub(_mask_public, document)


def _mask_public(match: regex.Match[str]) -> str:
    try:
        return IP_MASK if ip_address(match.group()).is_global else match.group()
    except ValueError:  # the pattern is wider than the format
        return match.group()
