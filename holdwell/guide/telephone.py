"""Check telephone numbers that people write, and make `tel:` addresses of them."""

import re

DIGITS_MIN, DIGITS_MAX = 3, 15
"""E.164 allows 15 digits; the shortest numbers that can be called have three."""
_WRITTEN = re.compile(r"\+?[0-9 ]+")
_NATIONAL_ZERO = re.compile(r"(?<=[0-9 ])\(0\)")
"""Left out after a country code: "+44 (0)20" is dialled as +44 20 from everywhere."""
_BETWEEN = re.compile(r"[\s()./\-\u2010-\u2013]+")
"""What people write between the digits of a number."""


def tidy_number(text: str) -> str | None:
    """Return a number that the user wrote, with single spaces, or None if it cannot be called.

    A number has 3 to 15 digits, spaces, and perhaps a plus in front: nothing else gets on a page.
    Spaces take the place of brackets, hyphens, dots and slashes.
    """
    if "+" in text:
        text = _NATIONAL_ZERO.sub(" ", text)
    number = _BETWEEN.sub(" ", text).strip()
    digits = sum(char.isdigit() for char in number)
    sound = _WRITTEN.fullmatch(number) and DIGITS_MIN <= digits <= DIGITS_MAX
    return number if sound else None


def tel_address(number: str) -> str:
    """Return the `tel:` address (RFC 3966) of a number, without spaces and hyphens."""
    return "tel:" + re.sub(r"[^0-9+]", "", number)
