"""Check telephone numbers that people write, and make `tel:` addresses of them."""

import re

DIGITS_MIN, DIGITS_MAX = 3, 15
"""E.164 allows 15 digits; the shortest numbers that can be called have three."""
_WRITTEN = re.compile(r"\+?[0-9 ]+")


def tidy_number(text: str) -> str | None:
    """Return a number that the user wrote, with single spaces, or None if it cannot be called.

    A number has 3 to 15 digits, spaces, and perhaps a plus in front: nothing else gets on a page.
    """
    number = " ".join(text.split())
    digits = sum(char.isdigit() for char in number)
    sound = _WRITTEN.fullmatch(number) and DIGITS_MIN <= digits <= DIGITS_MAX
    return number if sound else None


def tel_address(number: str) -> str:
    """Return the `tel:` address (RFC 3966) of a number, without spaces and hyphens."""
    return "tel:" + re.sub(r"[^0-9+]", "", number)
