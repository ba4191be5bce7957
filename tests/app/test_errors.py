"""Failures are reported in a sentence, and what the user typed stays on the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.backup import daily
from holdwell.domain.models import Moment
from holdwell.i18n.toml_reader import ContentError
from holdwell.store import history, sqlcipher
from holdwell.store.database import ERROR_LOG
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.store.snapshot import CopyError
from holdwell.ui.guide import phone_numbers
from tests.app.conftest import OpenPage, current_pregnancy, edit_pregnancy, go_to, texts
from tests.conftest import TODAY, AsNobody, MakeSession, fill_disk, plain_file


def filled_form(open_page: OpenPage) -> AppTest:
    """Open the form for a past session and fill it in without saving."""
    app = open_page("history")
    app.button("hw-add").click().run()
    app.date_input("form-session-0-day").set_value(TODAY)
    app.pills("form-session-0-before").set_value(7)
    app.text_area("form-session-0-note").set_value("do not lose me")
    return app


def assert_form_is_still_filled(app: AppTest) -> None:
    assert app.pills("form-session-0-before").value == 7
    assert app.text_area("form-session-0-note").value == "do not lose me"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    other = plain_file(path).connect()
    other.execute("BEGIN IMMEDIATE")
    yield
    other.rollback()
    other.close()


def test_a_locked_database_says_so_and_keeps_the_form(
    open_page: OpenPage, known: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    app = filled_form(open_page)
    with locked(folder / "holdwell.db"):
        app.button("form-session-0-save").click().run()
    assert "Another program is using your record" in texts(app)
    assert_form_is_still_filled(app)
    assert known.session_count() == 0
    app.button("form-session-0-save").click().run()
    assert [s.note for s in known.sessions(limit=5)] == ["do not lose me"]


def test_a_full_disk_says_so_and_keeps_the_form(
    open_page: OpenPage, small_disk: Path, monkeypatch: pytest.MonkeyPatch, now: Moment
) -> None:
    """The disk is full when the user first taps Save; then there is space, and they tap again."""
    monkeypatch.setenv("HOLDWELL_DATA", str(small_disk))
    with opened(small_disk / "holdwell.db") as store:
        store.save_profile(replace(store.profile(), welcomed=True, safety_seen=True), now)
    app = filled_form(open_page)
    fill_disk(small_disk)
    app.button("form-session-0-save").click().run()
    assert "The disk is full" in texts(app)
    assert_form_is_still_filled(app)
    (small_disk / "filler").unlink()
    app.button("form-session-0-save").click().run()
    with opened(small_disk / "holdwell.db") as store:
        assert [session.note for session in store.sessions(limit=5)] == ["do not lose me"]


def test_a_folder_that_became_read_only_says_so_and_keeps_the_form(
    open_page: OpenPage, known: Store, folder: Path, as_nobody: AsNobody
) -> None:
    known.close()
    app = filled_form(open_page)
    path = folder / "holdwell.db"
    path.chmod(0o644)
    folder.chmod(0o555)
    with as_nobody(path):
        app.button("form-session-0-save").click().run()
    assert "Holdwell cannot write to your record" in texts(app)
    assert_form_is_still_filled(app)
    folder.chmod(0o700)
    app.button("form-session-0-save").click().run()
    with opened(path) as store:
        assert [session.note for session in store.sessions(limit=5)] == ["do not lose me"]


def test_a_data_folder_of_an_unknown_user_is_reported_with_what_to_do(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDWELL_DATA", "~nobody-at-all/data")
    app = open_page("today")
    assert "cannot reach the folder of your record" in texts(app)
    assert [code.value for code in app.code] == ["~nobody-at-all/data"]


def test_a_folder_that_was_gone_for_a_while_keeps_what_was_typed(
    open_page: OpenPage, known: Store, folder: Path
) -> None:
    known.close()
    app = filled_form(open_page)
    folder.rename(folder.with_name("pulled out"))
    app.button("form-session-0-save").click().run()
    assert "cannot reach the folder of your record" in texts(app)
    assert not folder.exists()
    app.button("hw-again").click().run()
    folder.with_name("pulled out").rename(folder)
    app.button("hw-again").click().run()
    assert not app.exception
    assert_form_is_still_filled(app)
    assert app.text_area("form-session-0-note").proto.set_value, "the browser is told what to show"
    app.text_area("form-session-0-note").set_value("do not lose me").run()
    app.button("form-session-0-save").click().run()
    with opened(folder / "holdwell.db") as store:
        assert [session.note for session in store.sessions(limit=5)] == ["do not lose me"]


def test_a_folder_that_was_gone_for_a_while_keeps_what_was_typed_in_settings(
    open_page: OpenPage, known: Store, folder: Path
) -> None:
    known.close()
    app = open_page("settings")
    app.button("hw-change").click().run()
    app.date_input("hw-pause-from").set_value(TODAY - timedelta(9))
    app.date_input("settings-due").set_value(date(2027, 3, 20))
    app.text_input("hw-unit-number").set_value("0123 456789")
    app.toggle("hw-voice").set_value(False)
    app.slider("hw-volume").set_value(30)
    folder.rename(folder.with_name("pulled out"))
    app.button("hw-pause-add").click().run()
    assert "cannot reach the folder of your record" in texts(app)
    app.button("hw-again").click().run()
    folder.with_name("pulled out").rename(folder)
    app.button("hw-again").click().run()
    assert app.date_input("hw-pause-from").value == TODAY - timedelta(9)
    assert app.date_input("settings-due").value == date(2027, 3, 20)
    assert app.text_input("hw-unit-number").value == "0123 456789"
    assert (app.toggle("hw-voice").value, app.slider("hw-volume").value) == (False, 30)
    app.button("settings-next").click().run()
    with opened(folder / "holdwell.db") as store:
        assert current_pregnancy(store).due_date == date(2027, 3, 20)
        assert store.meta(phone_numbers.UNIT_NUMBER) == "0123 456789"
        assert (store.profile().voice, store.profile().volume) == (False, 30)


def test_what_was_on_a_page_that_failed_and_was_left_does_not_replace_what_is_saved_since(
    open_page: OpenPage, known: Store, folder: Path, now: Moment
) -> None:
    app = open_page("settings")
    app.button("hw-change").click().run()
    known.close()
    folder.rename(folder.with_name("pulled out"))
    app.run()
    assert "cannot reach the folder of your record" in texts(app)
    folder.with_name("pulled out").rename(folder)
    go_to(app, "today")
    with opened(folder / "holdwell.db") as store:
        edit_pregnancy(store, now, due_date=date(2027, 3, 20))
    go_to(app, "settings")
    assert app.date_input("settings-due").value == date(2027, 3, 20)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (StoreProblem.FULL, "disk is full"),
        (StoreProblem.READ_ONLY, "cannot write to your record"),
        (StoreProblem.UNREACHABLE, "cannot reach the folder"),
    ],
)
def test_a_refused_write_says_so_and_keeps_the_form(
    open_page: OpenPage,
    known: Store,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    problem: StoreProblem,
    words: str,
) -> None:
    # tests/unit/store/test_disk_trouble.py checks that SQLite's own errors become these problems.
    app = filled_form(open_page)
    path = folder / "holdwell.db"

    def refuse(*_: object) -> None:
        raise StoreError(problem, path)

    with monkeypatch.context() as broken:
        broken.setattr(Store, "save", refuse)
        app.button("form-session-0-save").click().run()
    assert words in texts(app)
    assert [str(path)] == [block.value for block in app.code]
    assert_form_is_still_filled(app)


def test_a_damaged_database_is_quarantined_unchanged(
    open_page: OpenPage, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    path = folder / "holdwell.db"
    path.write_bytes(b"not a database at all " * 400)
    before = path.read_bytes()
    app = open_page("today")
    assert "the file is damaged" in texts(app)
    assert path.read_bytes() == before
    (aside,) = [b for b in app.button if b.label.startswith("Set it aside")]
    aside.click().run()
    kept = list(folder.glob("holdwell.damaged-*.db"))
    assert [k.read_bytes() for k in kept] == [before]
    assert "skip these questions" in texts(app)


def test_a_damaged_database_offers_its_newest_good_backup(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY), now)
    path = folder / "holdwell.db"
    assert daily.make_daily(known.file, TODAY) is not None
    known.close()
    for suffix in ("-wal", "-shm"):
        (folder / f"holdwell.db{suffix}").unlink(missing_ok=True)
    path.write_bytes(b"not a database at all " * 400)
    app = open_page("today")
    assert "There is a good backup of Tuesday 24 November 2026: 1 entry" in texts(app)
    app.button("hw-restore-newest").click().run()
    assert "is your record now" in texts(app)
    restored = Store(path)
    assert restored.session_count() == 1
    restored.close()
    assert len(list(folder.glob("holdwell.damaged-*.db"))) == 1


@pytest.fixture
def lost(known: Store, folder: Path, now: Moment, make_session: MakeSession) -> Path:
    """The path of an empty database file that has a good backup."""
    known.save(make_session(TODAY), now)
    assert daily.make_daily(known.file, TODAY)
    known.close()
    for suffix in ("-wal", "-shm"):
        (folder / f"holdwell.db{suffix}").unlink(missing_ok=True)
    (folder / "holdwell.db").write_bytes(b"")
    return folder / "holdwell.db"


def test_an_empty_database_with_backups_is_reported_as_lost(
    open_page: OpenPage, lost: Path
) -> None:
    app = open_page("today")
    assert "missing or empty, but its backups are here" in texts(app)
    assert "Hello" not in texts(app)
    app.button("hw-restore-newest").click().run()
    assert "is your record now" in texts(app)
    with opened(lost) as store:
        assert store.session_count() == 1


def test_after_a_loss_a_new_database_is_made_only_if_the_user_asks(
    open_page: OpenPage, lost: Path
) -> None:
    app = open_page("today")
    app.button("hw-begin-anew").click().run()
    assert "Hello" in texts(app)
    with opened(lost) as store:
        assert store.session_count() == 0
    assert [day for day, _ in daily.days(lost)] == [TODAY]


def test_a_backup_that_failed_is_tried_again_on_the_next_page(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    def fail(*_: object) -> None:
        raise CopyError("no room")

    known.save(make_session(TODAY), now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(daily, "copy_database", fail)
        open_page("today")
        assert daily.days(known.path) == []
    open_page("history")
    assert [day for day, _ in daily.days(known.path)] == [TODAY]
    assert "The last backup could not be made" not in texts(open_page("record"))


def test_a_newer_database_is_refused_in_words(open_page: OpenPage, known: Store) -> None:
    known.set_meta("schema_version", "999")
    for page in ("today", "stretch", "history", "progress", "settings"):
        app = open_page(page)
        assert "newer version of Holdwell" in texts(app)
        assert not app.exception


def test_a_bug_shows_no_traceback_and_is_logged(
    open_page: OpenPage, known: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(history, "entries", fail)
    log = folder / ERROR_LOG
    log.write_text("of a version that let every account read it\n")
    log.chmod(0o644)
    known.save_profile(known.profile(), Moment.from_iso("2026-11-24T00:00:00Z", 0))
    app = open_page("history")
    assert not app.exception
    assert "went wrong on our side" in texts(app)
    assert "secret detail" not in texts(app)
    assert "secret detail" in log.read_text(encoding="utf-8")
    assert not log.stat().st_mode & 0o077


def test_a_faulty_content_file_is_named(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdwell.guide import load

    def fail() -> None:
        raise ContentError('side_reach.toml: "order" is missing. Add a line order = …')

    monkeypatch.setattr(load, "guide", fail)
    app = open_page("stretch")
    assert 'side_reach.toml: "order" is missing' in texts(app)
