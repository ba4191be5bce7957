"""Telephone numbers that people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.guide.telephone import tel_address, tidy_number


@pytest.mark.parametrize(
    ("written", "kept", "address"),
    [
        ("112", "112", "tel:112"),
        ("  +49 30  450 50 ", "+49 30 450 50", "tel:+493045050"),
        ("0117 946 0112", "0117 946 0112", "tel:01179460112"),
        ("(555) 123-4567", "555 123 4567", "tel:5551234567"),
        ("0711/2063.22\u201312", "0711 2063 22 12", "tel:071120632212"),
        ("+44 (0)20 7946-0000", "+44 20 7946 0000", "tel:+442079460000"),
        ("+1 (202) 555-0100", "+1 202 555 0100", "tel:+12025550100"),
    ],
)
def test_a_number_is_kept_with_spaces_and_dialled_without(
    written: str, kept: str, address: str
) -> None:
    number = tidy_number(written)
    assert number == kept
    assert tel_address(number) == address


def test_hyphens_of_the_numbers_in_content_are_not_dialled() -> None:
    assert tel_address("1-833-852-6262") == "tel:18338526262"


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "+",
        "12",
        "1" * 16,
        "12+34",
        "++123",
        "call me",
        "123;ext=4",
        "<b>112</b>",
        "1²2",
        "0-+1 22",
        "(-)",
    ],
)
def test_what_cannot_be_called_is_refused(written: str) -> None:
    assert tidy_number(written) is None


@given(st.text(alphabet="0123456789+ \t<()-\u0661", min_size=2, max_size=6))
def test_nothing_but_digits_spaces_and_a_plus_gets_through(written: str) -> None:
    number = tidy_number(written)
    if number is not None:
        assert set(number) <= set("0123456789+ ")
        assert number == tidy_number(number)
        assert 3 <= sum(char.isdigit() for char in number) <= 15


@given(st.lists(st.text("0123456789", min_size=1, max_size=5), min_size=3, max_size=3))
def test_every_number_in_three_parts_is_kept(parts: list[str]) -> None:
    assert tidy_number("+" + "  ".join(parts)) == "+" + " ".join(parts)
