"""The PIN, the guesses at it and the phones."""

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
    PHONES_MAX,
    TRIES_EACH,
    TRIES_IN_ALL,
    WAIT_S,
    KeyFile,
    Keys,
    Verdict,
    admitted,
    entered,
    forgotten,
    fresh,
    knows,
    new_pin,
)

KEYS = Keys("012345", "192.168.1.20")
NOW = 1_800_000_000.0


def guess(keys: Keys, times: int, client: str = "a", now: float = NOW) -> tuple[Keys, Verdict]:
    verdict = Verdict.OPEN
    for _ in range(times):
        keys, verdict = entered(keys, "999999", client, now)
    return keys, verdict


def test_a_pin_is_six_digits_and_each_is_another() -> None:
    pins = [new_pin() for _ in range(2000)]
    assert all(len(pin) == 6 and pin.isascii() and pin.isdigit() for pin in pins)
    assert max(Counter(pins).values()) <= 4
    # A leading nought is as likely as any other digit.
    assert 120 < sum(pin.startswith("0") for pin in pins) < 290


def test_the_right_pin_opens_after_wrong_ones() -> None:
    keys, verdict = guess(KEYS, TRIES_EACH - 1)
    assert verdict is Verdict.WRONG
    keys, verdict = entered(keys, "012345", "a", NOW)
    assert verdict is Verdict.OPEN
    # Getting in forgives that address, but not what all have guessed.
    assert keys.tries == {}
    assert keys.wrong == TRIES_EACH - 1


def test_an_address_waits_after_a_few_and_the_right_pin_does_not_help() -> None:
    keys, verdict = guess(KEYS, TRIES_EACH)
    assert verdict is Verdict.WAIT
    assert entered(keys, "012345", "a", NOW + WAIT_S - 1)[1] is Verdict.WAIT
    assert entered(keys, "012345", "b", NOW)[1] is Verdict.OPEN
    assert entered(keys, "012345", "a", NOW + WAIT_S)[1] is Verdict.OPEN


def test_a_clock_set_back_makes_no_wait_longer() -> None:
    keys, _ = guess(KEYS, TRIES_EACH)
    assert entered(keys, "012345", "a", NOW - 10 * WAIT_S)[1] is Verdict.OPEN


def test_a_wait_costs_no_guess_of_the_others() -> None:
    keys, _ = guess(KEYS, TRIES_EACH + 50)
    assert keys.wrong == TRIES_EACH


def test_too_many_guesses_from_everywhere_spend_the_pin() -> None:
    keys = KEYS
    for number in range(TRIES_IN_ALL):
        keys, verdict = guess(keys, 1, client=f"fd00::{number:x}")
    assert verdict is Verdict.SPENT
    assert entered(keys, "012345", "new", NOW + 10**9)[1] is Verdict.SPENT
    assert len(keys.tries) <= TRIES_IN_ALL
    renewed = fresh(keys)
    assert entered(renewed, renewed.pin, "new", NOW)[1] is Verdict.OPEN


@given(given=st.text(max_size=9))
def test_nothing_but_the_pin_opens(given: str) -> None:
    verdict = entered(KEYS, given, "a", NOW)[1]
    assert (verdict is Verdict.OPEN) == (given == KEYS.pin)


def test_a_phone_is_known_by_its_token_until_it_is_forgotten() -> None:
    keys, token = admitted(KEYS, "2026-11-25")
    other, _ = admitted(keys, "2026-11-25")
    assert knows(other, token)
    assert not knows(other, token + "x")
    assert not knows(other, "")
    assert not knows(KEYS, token)
    assert knows(fresh(other), token)
    gone = forgotten(other)
    assert not knows(gone, token)
    assert gone.pin != KEYS.pin or forgotten(other).pin != KEYS.pin


def test_the_oldest_phone_makes_room() -> None:
    keys, first = admitted(KEYS, "2026-11-25")
    for _ in range(PHONES_MAX):
        keys, last = admitted(keys, "2026-11-25")
    assert len(keys.phones) == PHONES_MAX
    assert not knows(keys, first)
    assert knows(keys, last)


def test_guesses_and_phones_outlive_a_restart(tmp_path: Path) -> None:
    first = KeyFile(tmp_path)
    first.set(lambda _: KEYS)
    first.set(lambda keys: guess(keys, TRIES_EACH)[0])
    token = first.change(lambda keys: admitted(keys, "2026-11-25"))
    again = KeyFile(tmp_path).read()
    assert knows(again, token)
    assert entered(again, "012345", "a", NOW + 1)[1] is Verdict.WAIT
    assert token not in first.path.read_text(encoding="utf-8")


def test_a_change_by_another_window_is_seen(tmp_path: Path) -> None:
    one, two = KeyFile(tmp_path), KeyFile(tmp_path)
    one.set(lambda _: KEYS)
    assert two.read() == KEYS
    two.set(lambda keys: replace(keys, address=""))
    assert one.read().address == ""


def test_the_file_is_hers_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        file = KeyFile(tmp_path)
        file.set(lambda _: KEYS)
        file.set(fresh)
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
def test_a_file_that_cannot_be_read_shuts_the_door(tmp_path: Path, text: str) -> None:
    file = KeyFile(tmp_path)
    file.path.write_text(text, encoding="utf-8")
    keys = file.read()
    assert keys.address == ""
    assert keys.phones == ()
    assert len(keys.pin) == 6


def test_what_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "gone")
    file.set(lambda _: KEYS)
    file.path.unlink()
    file.path.mkdir()
    with pytest.raises(OSError):
        file.set(fresh)
    assert list(file.path.parent.iterdir()) == [file.path]


def test_the_file_says_no_more_than_it_must(tmp_path: Path) -> None:
    file = KeyFile(tmp_path)
    file.set(lambda _: KEYS)
    assert set(json.loads(file.path.read_text(encoding="utf-8"))) == {
        "pin",
        "address",
        "wrong",
        "tries",
        "phones",
    }
