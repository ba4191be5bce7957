"""The PIN, the wrong attempts and the paired phones."""

import json
import os
import stat
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.network.pairing import (
    ATTEMPTS_BEFORE_WAIT,
    ATTEMPTS_IN_ALL,
    ATTEMPTS_PER_ADDRESS,
    PHONES_MAX,
    WAIT_S,
    Pairing,
    PairingFile,
    PinResult,
    add_phone,
    enter_pin,
    forget_phones,
    is_paired,
    new_pin,
    renew_pin,
)

PAIRING = Pairing("012345", "192.168.1.20")
NOW = 1_800_000_000.0


def guess(
    pairing: Pairing, times: int, client: str = "a", now: float = NOW
) -> tuple[Pairing, PinResult]:
    result = PinResult.OPEN
    for _ in range(times):
        pairing, result = enter_pin(pairing, "999999", client, now)
    return pairing, result


def test_pins_are_six_digits_and_differ() -> None:
    pins = [new_pin() for _ in range(2000)]
    assert all(len(pin) == 6 and pin.isascii() and pin.isdigit() for pin in pins)
    assert max(Counter(pins).values()) <= 4
    # A leading zero is as likely as any other digit.
    assert 120 < sum(pin.startswith("0") for pin in pins) < 290


def test_the_right_pin_opens_after_wrong_ones() -> None:
    pairing, result = guess(PAIRING, ATTEMPTS_BEFORE_WAIT - 1)
    assert result is PinResult.WRONG
    pairing, result = enter_pin(pairing, "012345", "a", NOW)
    assert result is PinResult.OPEN
    # The right PIN clears the attempts of that address, but not the count of all attempts.
    assert pairing.tries == {}
    assert pairing.wrong == ATTEMPTS_BEFORE_WAIT - 1


def test_after_a_few_wrong_pins_an_address_waits_even_with_the_right_one() -> None:
    pairing, result = guess(PAIRING, ATTEMPTS_BEFORE_WAIT)
    assert result is PinResult.WAIT
    assert enter_pin(pairing, "012345", "a", NOW + WAIT_S - 1)[1] is PinResult.WAIT
    assert enter_pin(pairing, "012345", "b", NOW)[1] is PinResult.OPEN
    assert enter_pin(pairing, "012345", "a", NOW + WAIT_S)[1] is PinResult.OPEN


def test_a_clock_that_is_set_back_makes_no_wait_longer() -> None:
    pairing, _ = guess(PAIRING, ATTEMPTS_BEFORE_WAIT)
    assert enter_pin(pairing, "012345", "a", NOW - 10 * WAIT_S)[1] is PinResult.OPEN


def test_attempts_during_a_wait_are_not_counted() -> None:
    pairing, _ = guess(PAIRING, ATTEMPTS_BEFORE_WAIT + 50)
    assert pairing.wrong == ATTEMPTS_BEFORE_WAIT


def guess_without_rest(pairing: Pairing, client: str) -> Pairing:
    """Guess from one address for a day, as often as it is allowed to."""
    for number in range(100):
        pairing, _ = guess(pairing, ATTEMPTS_BEFORE_WAIT, client, NOW + number * WAIT_S)
    return pairing


@pytest.mark.parametrize(
    ("device", "other"),
    [
        ("192.168.1.9", "192.168.1.10"),
        ("10.0.0.2", "10.0.0.3"),
        ("fd12:3456:789a::9", "fd12:3456:789a::a"),
        ("fe80::9", "fe80::a"),
        ("fe80::9%eth0", "fe80::a%eth0"),
        ("fd12:3456:789a::9", "192.168.1.10"),
    ],
)
def test_one_device_cannot_spend_the_pin_of_the_others(device: str, other: str) -> None:
    pairing = guess_without_rest(PAIRING, device)
    assert pairing.wrong == ATTEMPTS_PER_ADDRESS
    assert enter_pin(pairing, "012345", device, NOW + 10**9)[1] is PinResult.SPENT
    assert enter_pin(pairing, "012345", other, NOW)[1] is PinResult.OPEN


def test_addresses_of_one_network_outside_the_home_count_as_one() -> None:
    pairing = PAIRING
    for number in range(30):
        pairing = guess_without_rest(pairing, f"2a00:1:2:3::{number:x}")
    assert pairing.wrong == ATTEMPTS_PER_ADDRESS
    assert enter_pin(pairing, "012345", "2a00:1:2:4::1", NOW)[1] is PinResult.OPEN


def test_a_device_that_changes_its_address_gains_nothing_and_keeps_no_known_phone_out() -> None:
    pairing, (token, secret) = add_phone(PAIRING, "2026-11-25")
    for number in range(5_000):
        pairing, _ = enter_pin(pairing, f"{number + 500_000}", f"fd00::{number:x}", NOW)
    assert pairing.wrong == ATTEMPTS_IN_ALL, "60 in a million, however many addresses"
    assert len(pairing.tries) <= ATTEMPTS_IN_ALL
    assert is_paired(pairing, token, secret), "a phone that is in stays in"
    renewed = renew_pin(pairing)
    assert enter_pin(renewed, renewed.pin, "fd00::1", NOW)[1] is PinResult.OPEN
    assert is_paired(renewed, token, secret)


def test_five_devices_that_have_forgotten_the_pin_do_not_spend_it_and_six_do() -> None:
    pairing = PAIRING
    for device in "abcde":
        pairing = guess_without_rest(pairing, device)
    assert pairing.wrong == 50 and not pairing.spent
    assert enter_pin(pairing, "012345", "new", NOW)[1] is PinResult.OPEN, "and nobody has to wait"
    assert guess_without_rest(pairing, "f").spent


def test_too_many_attempts_from_everywhere_spend_the_pin() -> None:
    pairing = PAIRING
    for number in range(ATTEMPTS_IN_ALL):
        pairing, result = guess(pairing, 1, client=f"192.168.2.{number}")
    assert result is PinResult.SPENT
    assert enter_pin(pairing, "012345", "new", NOW + 10**9)[1] is PinResult.SPENT
    assert len(pairing.tries) <= ATTEMPTS_IN_ALL
    renewed = renew_pin(pairing)
    assert enter_pin(renewed, renewed.pin, "new", NOW)[1] is PinResult.OPEN


def test_the_limits_are_those_that_the_docs_promise() -> None:
    """Ten attempts from one device, with waits of 15 minutes, and 60 from all devices."""
    five = guess(PAIRING, 5)
    assert five[1] is PinResult.WAIT
    assert guess(PAIRING, 4)[1] is PinResult.WRONG
    assert enter_pin(five[0], "012345", "a", NOW + 15 * 60 - 1)[1] is PinResult.WAIT
    assert enter_pin(five[0], "012345", "a", NOW + 15 * 60)[1] is PinResult.OPEN
    assert guess_without_rest(PAIRING, "a").wrong == 10
    pairing = PAIRING
    for number in range(59):
        pairing, _ = guess(pairing, 1, client=f"192.168.2.{number}")
    assert not pairing.spent
    assert guess(pairing, 1, client="192.168.3.1")[0].spent


@given(given=st.text(max_size=9))
def test_nothing_but_the_pin_opens(given: str) -> None:
    result = enter_pin(PAIRING, given, "a", NOW)[1]
    assert (result is PinResult.OPEN) == (given == PAIRING.pin)


def test_a_phone_is_known_by_its_token_until_it_is_forgotten() -> None:
    pairing, (token, _) = add_phone(PAIRING, "2026-11-25")
    other, _ = add_phone(pairing, "2026-11-25")
    assert is_paired(other, token)
    assert not is_paired(other, token + "x")
    assert not is_paired(other, "")
    assert not is_paired(PAIRING, token)
    assert is_paired(renew_pin(other), token)
    gone = forget_phones(other)
    assert not is_paired(gone, token)
    assert gone.pin != PAIRING.pin or forget_phones(other).pin != PAIRING.pin


def test_the_oldest_phone_makes_room() -> None:
    pairing, (first, _) = add_phone(PAIRING, "2026-11-25")
    for _ in range(PHONES_MAX):
        pairing, (last, _) = add_phone(pairing, "2026-11-25")
    assert len(pairing.phones) == PHONES_MAX
    assert not is_paired(pairing, first)
    assert is_paired(pairing, last)


def test_attempts_and_phones_are_kept_over_a_restart(tmp_path: Path) -> None:
    first = PairingFile(tmp_path)
    first.update(lambda _: PAIRING)
    first.update(lambda pairing: guess(pairing, ATTEMPTS_BEFORE_WAIT)[0])
    token, secret = first.change(lambda pairing: add_phone(pairing, "2026-11-25"))
    again = PairingFile(tmp_path).read()
    assert is_paired(again, token)
    assert enter_pin(again, "012345", "a", NOW + 1)[1] is PinResult.WAIT
    assert is_paired(again, token, secret)
    assert token not in first.path.read_text(encoding="utf-8")
    assert secret not in first.path.read_text(encoding="utf-8")


def test_a_phone_needs_its_own_secret() -> None:
    """A phone's cookie is sent to every port of the address, so it must not suffice."""
    pairing, (token, secret) = add_phone(PAIRING, "2026-11-25")
    pairing, (_, of_another) = add_phone(pairing, "2026-11-25")
    assert is_paired(pairing, token, secret)
    for wrong in ("", secret + "x", of_another, token):
        assert not is_paired(pairing, token, wrong)
    assert not is_paired(pairing, "", "")


def test_a_phone_of_an_earlier_version_has_no_secret(tmp_path: Path) -> None:
    file = PairingFile(tmp_path)
    pairing, (token, _) = add_phone(PAIRING, "2026-11-25")
    file.update(lambda _: pairing)
    raw = json.loads(file.path.read_text(encoding="utf-8"))
    del raw["phones"][0]["secret"]
    file.path.write_text(json.dumps(raw), encoding="utf-8")
    again = PairingFile(tmp_path).read()
    assert is_paired(again, token)
    assert not is_paired(again, token, "")
    replaced, (new, _) = add_phone(again, "2026-11-26", replaces=token)
    assert len(replaced.phones) == 1
    assert is_paired(replaced, new)


def test_a_change_in_another_window_is_read(tmp_path: Path) -> None:
    one, two = PairingFile(tmp_path), PairingFile(tmp_path)
    one.update(lambda _: PAIRING)
    assert two.read() == PAIRING
    two.update(lambda pairing: replace(pairing, address=""))
    assert one.read().address == ""


def test_a_pin_does_not_come_back_once_its_file_is_gone(tmp_path: Path) -> None:
    file = PairingFile(tmp_path)
    before = file.read()
    file.update(lambda known: replace(known, address="192.168.1.20"))
    assert file.read().pin == before.pin
    file.path.unlink()
    assert file.read() == file.read() != before


def test_only_the_user_can_read_the_file(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        file = PairingFile(tmp_path)
        file.update(lambda _: PAIRING)
        file.update(renew_pin)
    finally:
        os.umask(old)
    if os.name == "posix":
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == [file.path.name]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        '{"pin": "12", "address": "192.168.1.20", "wrong": 0, "tries": {}, "phones": []}',
        '{"pin": "123456", "address": "192.168.1.20", "wrong": "x", "tries": {}, "phones": []}',
        '{"pin": "123456", "address": "192.168.1.20", "wrong": 0, "tries": [1], "phones": []}',
        '{"pin": "١٢٣٤٥٦", "address": "192.168.1.20", "wrong": 0, "tries": {}, "phones": []}',
    ],
)
def test_with_an_unreadable_file_nothing_listens(tmp_path: Path, text: str) -> None:
    file = PairingFile(tmp_path)
    file.path.write_text(text, encoding="utf-8")
    pairing = file.read()
    assert pairing.address == ""
    assert pairing.phones == ()
    assert len(pairing.pin) == 6


def test_a_failed_write_changes_nothing(tmp_path: Path) -> None:
    file = PairingFile(tmp_path / "gone")
    file.update(lambda _: PAIRING)
    file.path.unlink()
    file.path.mkdir()
    with pytest.raises(OSError):
        file.update(renew_pin)
    assert list(file.path.parent.iterdir()) == [file.path]


def test_the_file_holds_only_what_it_needs(tmp_path: Path) -> None:
    file = PairingFile(tmp_path)
    file.update(lambda _: PAIRING)
    assert set(json.loads(file.path.read_text(encoding="utf-8"))) == {
        "pin",
        "address",
        "wrong",
        "tries",
        "phones",
    }
