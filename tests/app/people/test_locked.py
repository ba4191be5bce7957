"""A locked database shows nothing on any page; how to unlock it, also if the file is damaged."""

import random
import shutil
from datetime import datetime
from typing import Any

import pytest

from holdwell.backup import daily
from holdwell.domain import dates
from holdwell.domain.models import CrampLeg, Moment
from holdwell.encryption import rekey
from holdwell.i18n.messages import say
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.people import FIRST
from holdwell.store.repository import Store, opened
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.ui import frame
from holdwell.ui.runtime import run_context
from holdwell.ui.runtime import unlock as unlock_state
from holdwell.ui.today import kept_cramps
from tests.app.conftest import OpenPage, go_to, set_clock, texts
from tests.app.people.conftest import (
    NOTE,
    PAGE_NAMES,
    PASSPHRASE,
    WITHOUT_DATABASE,
    button,
    marks_of_ana,
    shown,
    unlock,
)


@pytest.mark.parametrize("page", PAGE_NAMES)
def test_a_locked_database_shows_nothing_on_any_page(
    file: DatabaseFile, open_page: OpenPage, page: str
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    file.keyring.drop(file.salt() or b"")
    app = open_page(page)
    assert marks_of_ana(shown(app)) == []
    assert ("This record is locked" in texts(app)) == (page not in WITHOUT_DATABASE)


@pytest.mark.parametrize("page", PAGE_NAMES)
def test_a_database_unlocked_in_another_browser_is_locked_in_this_one(
    file: DatabaseFile, open_page: OpenPage, page: str
) -> None:
    """The key is in the server's memory, but nobody has entered the passphrase in this browser."""
    rekey.change_passphrase(file, PASSPHRASE)
    assert file.keyring.get(file.salt() or b"") is not None
    app = open_page(page)
    assert marks_of_ana(shown(app)) == []
    assert ("This record is locked" in texts(app)) == (page not in WITHOUT_DATABASE)


def test_the_passphrase_unlocks_and_the_button_locks(
    file: DatabaseFile, open_page: OpenPage
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    app = open_page("history")
    unlock(app, "not the passphrase")
    assert "That is not the passphrase" in texts(app)
    assert NOTE not in shown(app)
    unlock(app, PASSPHRASE)
    assert NOTE in shown(app)
    assert PASSPHRASE not in str(app.session_state)
    go_to(app, "people")
    app.button(key="hw-lock").click().run()
    assert "This record is locked" in texts(app)
    assert NOTE not in str(app.session_state)
    assert file.keyring.get(file.salt() or b"") is None


def test_a_passphrase_is_set_changed_and_removed(file: DatabaseFile, open_page: OpenPage) -> None:
    app = open_page("people")
    app.button(key="hw-passphrase-set").click().run()

    def send(*values: str, known: bool = True) -> str:
        for field, value in zip(app.text_input, values, strict=False):
            field.set_value(value)
        for box in app.checkbox:
            box.set_value(known)
        button(app, "hw-passphrase-yes").click().run()
        assert not app.exception
        return texts(app)

    assert "at least 8" in send("short", "short")
    assert "not the same" in send(PASSPHRASE, PASSPHRASE + "x")
    assert "confirm that you know" in send(PASSPHRASE, PASSPHRASE, known=False)
    assert file.salt() is None
    assert "are encrypted now" in send(PASSPHRASE, PASSPHRASE)
    assert file.salt() is not None
    app.button(key="hw-passphrase-set").click().run()
    assert "not the passphrase" in send("wrong words", "another one", "another one")
    assert "new passphrase opens" in send(PASSPHRASE, "another one", "another one")
    app.button(key="hw-passphrase-remove").click().run()
    assert "not the passphrase" in send(PASSPHRASE)
    assert "no passphrase any more" in send("another one")
    assert file.salt() is None
    with opened(file) as store:
        assert store.session_count() == 3


def test_the_second_of_two_clicks_finds_the_passphrase_set(
    file: DatabaseFile, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both clicks run at once; the second run finds that the first has already changed the file."""
    change = rekey.change_passphrase

    def after_the_first(own: DatabaseFile, passphrase: str | None, salt: bytes | None) -> None:
        change(own, passphrase, salt)
        raise StoreError(StoreProblem.LOCKED, own.path, "the passphrase was changed meanwhile")

    app = open_page("people")
    app.button(key="hw-passphrase-set").click().run()
    for field in app.text_input:
        field.set_value(PASSPHRASE)
    app.checkbox[0].set_value(True)
    monkeypatch.setattr(rekey, "change_passphrase", after_the_first)
    button(app, "hw-passphrase-yes").click().run()
    assert "are encrypted now" in texts(app)
    assert not app.error


def test_without_the_passphrase_a_new_database_can_be_made_and_the_old_one_is_kept(
    file: DatabaseFile, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    app = open_page("history")
    assert "on the computer itself" in texts(app)
    assert not app.checkbox
    monkeypatch.setattr(run_context, "at_this_computer", lambda: True)
    app.run()
    assert "hw-locked-aside" not in [button.key for button in app.button]
    app.checkbox[0].check().run()
    app.button(key="hw-locked-aside").click().run()
    assert "This record is locked" not in texts(app)
    (kept,) = file.path.parent.glob("holdwell.locked-*")
    moved = file.at(kept / "holdwell.db")
    rekey.unlock(moved, PASSPHRASE)
    with opened(moved) as store:
        assert store.session_count() == 3


def test_a_damaged_encrypted_database_is_restored_from_its_backup(
    file: DatabaseFile, open_page: OpenPage
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    file.keyring.drop(file.salt() or b"")
    whole = bytearray(file.path.read_bytes())
    whole[100] ^= 1
    file.path.write_bytes(whole)
    app = open_page("history")
    unlock(app, PASSPHRASE)
    assert not app.exception
    assert "the file is damaged" in texts(app)
    app.button(key="hw-restore-newest").click().run()
    assert not app.exception
    assert NOTE in shown(app)
    assert len(list(file.path.parent.glob("holdwell.damaged-*.db"))) == 1


def test_with_a_lost_header_the_backups_are_unlocked_first(
    file: DatabaseFile, open_page: OpenPage
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    file.keyring.drop(file.salt() or b"")
    file.path.write_bytes(bytes(4096) + file.path.read_bytes()[4096:])
    app = open_page("history")
    assert "the file is damaged" in texts(app)
    assert "hw-restore-newest" not in [button.key for button in app.button]
    app.text_input[0].set_value(PASSPHRASE)
    button(app, "hw-copies-tap").click().run()
    app.button(key="hw-restore-newest").click().run()
    assert not app.exception
    # The restored file is encrypted like its backup.
    unlock(app, PASSPHRASE)
    assert NOTE in shown(app)


def test_damage_that_looks_like_encryption_has_a_way_out(
    file: DatabaseFile, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = file.path.read_bytes()
    file.path.write_bytes(random.Random(1).randbytes(4096) + whole[4096:])
    app = open_page("history")
    assert "This record is locked" in texts(app)
    assert "hw-locked-never" not in [button.key for button in app.button], "not asked of a phone"
    monkeypatch.setattr(run_context, "at_this_computer", lambda: True)
    app.run()
    app.button(key="hw-locked-never").click().run()
    app.button(key="hw-again").click().run()
    assert "This record is locked" in texts(app)
    app.button(key="hw-locked-never").click().run()
    app.button(key="hw-restore-newest").click().run()
    assert not app.exception
    assert NOTE in shown(app)


@pytest.mark.parametrize("unlocked_elsewhere", [True, False])
def test_an_encrypted_database_beside_a_plain_copy_is_not_called_damaged(
    file: DatabaseFile,
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    unlocked_elsewhere: bool,
) -> None:
    """The plain copy could be left over from an interrupted change of the passphrase."""
    monkeypatch.setattr(run_context, "at_this_computer", lambda: True)
    plain = daily.folder_of(file.path) / "holdwell-2026-11-01.db"
    shutil.copy(daily.good_backups(file)[0].path, plain)
    kept = plain.read_bytes()
    rekey.change_passphrase(file, PASSPHRASE)
    plain.write_bytes(kept)
    if not unlocked_elsewhere:
        file.keyring.drop(file.salt() or b"")
    app = open_page("history")
    assert "This record is locked" in texts(app)
    assert "hw-locked-never" not in [button.key for button in app.button]
    assert NOTE not in shown(app)


def test_damage_inside_is_noticed_on_unlocking(file: DatabaseFile, open_page: OpenPage) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    whole = bytearray(file.path.read_bytes())
    whole[4096 * 4 + 50] ^= 1
    file.path.write_bytes(whole)
    app = open_page("today")
    unlock(app, PASSPHRASE)
    assert "the file is damaged" in texts(app)


def test_a_download_is_refused_after_its_browser_is_locked(file: DatabaseFile) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    unlock_state.unlock(file.path)
    made = unlock_state.while_open(file.path, lambda store: str(store.session_count()).encode())
    assert made() == b"3"
    key = file.keyring.get(file.salt() or b"")
    unlock_state.lock(file.path)
    with pytest.raises(StoreError):
        made()
    assert key is not None
    # Another browser unlocks the database, so that the key is there again; this one stays locked.
    file.keyring.add(key)
    with pytest.raises(StoreError):
        made()


def test_setting_a_passphrase_after_another_window_did_shows_that_it_is_locked(
    file: DatabaseFile, open_page: OpenPage
) -> None:
    app = open_page("people")
    app.button(key="hw-passphrase-set").click().run()
    rekey.change_passphrase(file, "of the other window")
    for field in app.text_input:
        field.set_value(PASSPHRASE)
    app.checkbox[0].check()
    button(app, "hw-passphrase-yes").click().run()
    assert not app.exception
    assert "This record is locked" in texts(app)
    assert rekey.is_passphrase(file, "of the other window")


def test_a_second_cramp_kept_for_the_same_night_is_saved_too(
    file: DatabaseFile, open_page: OpenPage, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cramp is noted while locked and saved on unlocking; later another, in the other leg."""
    night = dates.night_of(now.local)
    leg_of = "SELECT leg FROM cramp WHERE night = ?"
    browser: dict[str, str] = {}

    def keeper(data: list[dict[str, Any]], **_: object) -> dict[str, object]:
        """Keep cramps as kept_cramps.js does."""
        if "night" in data[0]:
            browser[data[0]["night"]] = data[0]["leg"]
        for night, leg in data[0]["saved"]:
            if browser.get(night) == leg:
                del browser[night]
        return {"kept": list(browser.items())}

    monkeypatch.setattr(kept_cramps, "_keeper", keeper)
    with opened(file) as store:
        store.save_cramp(night, CrampLeg.NONE, now)
    rekey.change_passphrase(file, PASSPHRASE)
    app = open_page("today")
    for leg, known in ((CrampLeg.LEFT, "left"), (CrampLeg.RIGHT, "both")):
        app.session_state["hw-cramp-locked-tapped"] = leg
        app.run()
        assert browser == {night.isoformat(): leg.value}
        unlock(app, PASSPHRASE)
        with opened(file) as store:
            assert [row["leg"] for row in store.rows(leg_of, [night.isoformat()])] == [known]
        app.run()
        assert browser == {}
        # Lock it from another window; this window stays open.
        del app.session_state[unlock_state.OWN_TOKEN]
        app.run()


def test_drafts_belong_to_nobody_while_locked_and_are_dropped_after_a_lock(
    file: DatabaseFile, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser drops its drafts according to the data checked here (see drafts.js)."""
    drafts: list[dict[str, Any]] = []
    monkeypatch.setattr(frame, "_after_run", lambda data, **_: drafts.append(data[0]["drafts"]))
    app = open_page("people")
    assert drafts[-1] == {"person": FIRST, "inMemory": False, "forgotten": 0}
    rekey.change_passphrase(file, PASSPHRASE)
    go_to(app, "today")
    assert drafts[-1] == {"person": "", "inMemory": True, "forgotten": 0}
    unlock(app, PASSPHRASE)
    assert drafts[-1] == {"person": FIRST, "inMemory": True, "forgotten": 0}
    go_to(app, "people")
    app.button(key="hw-lock").click().run()
    assert drafts[-1]["person"] == ""
    assert drafts[-1]["forgotten"] > 0


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Replace the browser's part; return the cramps that it keeps, by night."""
    nights: dict[str, str] = {}

    def keeper(data: list[dict[str, Any]], **_: object) -> dict[str, object]:
        """Keep cramps as kept_cramps.js does; its answer arrives one run later."""
        before = list(nights.items())
        if "night" in data[0]:
            nights[data[0]["night"]] = data[0]["leg"]
        for night, leg in data[0]["saved"]:
            if nights.get(night) == leg:
                del nights[night]
        return {"kept": before}

    monkeypatch.setattr(kept_cramps, "_keeper", keeper)
    return nights


def test_a_second_leg_tapped_in_the_same_night_makes_it_both_legs(
    file: DatabaseFile, open_page: OpenPage, kept: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, datetime(2026, 11, 25, 2))
    kept["2026-11-24"] = "left"
    rekey.change_passphrase(file, PASSPHRASE)
    app = open_page("today")
    assert "without encryption: left leg" in texts(app)
    app.session_state["hw-cramp-locked-tapped"] = CrampLeg.RIGHT
    app.run()
    assert "without encryption: both legs" in texts(app)


def test_a_kept_cramp_is_saved_after_another_browser_removed_the_passphrase(
    file: DatabaseFile, open_page: OpenPage, kept: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, datetime(2026, 11, 25, 9))
    kept["2026-11-23"] = "left"
    app = open_page("today")
    with opened(file) as store:
        rows = store.rows("SELECT leg FROM cramp WHERE night = '2026-11-23'")
        assert [row["leg"] for row in rows] == ["left"]
    app.run()
    assert kept == {}, "and the browser forgets it"


def test_a_kept_cramp_that_cannot_be_saved_stays_kept_and_the_page_still_works(
    file: DatabaseFile, open_page: OpenPage, kept: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError(StoreProblem.READ_ONLY, file.path)

    set_clock(monkeypatch, datetime(2026, 11, 25, 2))
    kept["2026-11-24"] = "left"
    rekey.change_passphrase(file, PASSPHRASE)
    app = open_page("today")
    monkeypatch.setattr(Store, "add_cramp", refuse)
    unlock(app, PASSPHRASE)
    assert say("errors.read_only") in texts(app)
    assert "hw-done-open" in {button.key for button in app.button}
    assert kept == {"2026-11-24": "left"}
