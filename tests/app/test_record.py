"""Backups and exports are previewed, restored or imported, and undone."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from holdwell.backup import daily
from holdwell.domain.models import CrampLeg, Moment, PainEntry, Pregnancy, Session, SessionState
from holdwell.i18n.formats import moment_text
from holdwell.i18n.messages import say
from holdwell.store import synced_folder, undo
from holdwell.store.repository import Store, opened
from holdwell.transfer import exporting, importing, validation
from holdwell.transfer.zip_reader import ExportProblem
from holdwell.ui.runtime import clock
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession


def test_a_backup_is_previewed_restored_and_undone(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY), now)
    backup = daily.make_daily(known.file, TODAY - timedelta(3))
    assert backup is not None
    known.save(make_session(TODAY, 7), now)
    app = open_page("record")
    app.button("restore-2026-11-21").click().run()
    text = texts(app)
    assert (
        "Your record has 2 entries now. The backup of Saturday 21 November 2026 has 1 entry" in text
    )
    assert known.session_count() == 2, "a preview changes nothing"
    app.button("hw-restore-yes").click().run()
    assert "The backup of Saturday 21 November 2026 is your record now." in texts(app)
    assert known.session_count() == 1
    app.button("hw-undo-tap").click().run()
    assert known.session_count() == 2


def test_the_preview_counts_a_backup_with_only_a_pain_entry(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    pain = PainEntry(TODAY, 4)
    known.save(pain, now)
    assert daily.make_daily(known.file, TODAY - timedelta(3))
    known.delete("pain", pain.id, now)
    app = open_page("record")
    assert "1 entry, until Tue, 24 Nov 2026" in texts(app)
    app.button("restore-2026-11-21").click().run()
    text = texts(app)
    assert "Your record has 0 entries now." in text
    assert "has 1 entry, until Tuesday 24 November 2026" in text


def test_a_backup_without_entries_names_no_last_day(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_pregnancy(Pregnancy(due_date=TODAY), now)
    assert daily.make_daily(known.file, TODAY - timedelta(3))
    app = open_page("record")
    assert "Sat, 21 Nov 2026: 0 entries\n" in texts(app)
    app.button("restore-2026-11-21").click().run()
    assert "The backup of Saturday 21 November 2026 has 0 entries. What" in texts(app)


def stretch_on_the_phone(store: Store, session: Session, now: Moment) -> None:
    """Save a session as the timer of another device does: its reports are not in the change log."""
    store.save(replace(session, state=SessionState.OPEN), now)
    store.change_session(session.id, lambda _: session, now)


def import_an_export(store: Store, session: Session, now: Moment) -> None:
    with opened(store.path.parent / "elsewhere" / "holdwell.db") as other:
        other.save_all([session], now)
        importing.insert(store, validation.read(exporting.export(other, now)), now)


def log_and_prune_the_changes(store: Store, session: Session, now: Moment) -> None:
    """Log a session, then prune the log, so that it has fewer changes than after the restore."""
    store.save(session, now)
    undo.prune(store, replace(now, utc=now.utc + timedelta(60)))


@pytest.mark.parametrize(
    "come_in", [stretch_on_the_phone, import_an_export, log_and_prune_the_changes]
)
def test_undoing_a_restore_reports_later_entries_and_keeps_a_copy_of_them(
    open_page: OpenPage,
    known: Store,
    now: Moment,
    make_session: MakeSession,
    come_in: Callable[[Store, Session, Moment], None],
) -> None:
    backup = daily.make_daily(known.file, TODAY - timedelta(3))
    assert backup is not None
    app = open_page("record")
    app.button("restore-2026-11-21").click().run()
    app.button("hw-restore-yes").click().run()
    app.run()
    assert say("record.undo_since") not in texts(app)
    come_in(known, make_session(TODAY), now)
    assert known.session_count() == 1
    app.run()
    assert say("record.undo_since") in texts(app)
    app.button("hw-undo-tap").click().run()
    assert known.session_count() == 0
    newest, _ = daily.saved_copies(known.file)[0]
    when = moment_text(newest.astimezone(clock.zone()))
    assert say("record.undone_since", when=when) in texts(app)
    kept = [copy for _, copy in daily.saved_copies(known.file)]
    assert 1 in [copy.sessions for copy in kept], "the session is in a copy"


def test_cancelling_while_the_restore_runs_keeps_its_undo(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    backup = daily.make_daily(known.file, TODAY - timedelta(3))
    assert backup is not None
    known.save(make_session(TODAY), now)
    app = open_page("record")
    app.button("restore-2026-11-21").click().run()
    # The state that the run of "Yes" leaves if a tap on "Cancel" interrupts it.
    app.session_state["hw-backup-chosen"].before = daily.restore(known.file, backup, now)
    assert known.session_count() == 0
    app.button("hw-restore-no").click().run()
    assert "The backup of Saturday 21 November 2026 is your record now." in texts(app)
    app.button("hw-undo-tap").click().run()
    assert known.session_count() == 1


def test_a_copy_kept_before_a_restore_can_be_restored_later(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    backup = daily.make_daily(known.file, TODAY - timedelta(3))
    assert backup is not None
    known.save(make_session(TODAY), now)
    kept = daily.restore(known.file, backup, now)
    assert kept is not None
    assert known.session_count() == 0
    app = open_page("record")
    assert "1 entry, until" in texts(app)
    app.button(f"restore-{kept.stem}").click().run()
    app.button("hw-restore-yes").click().run()
    assert known.session_count() == 1


def test_an_exported_file_is_previewed_imported_and_undone(
    open_page: OpenPage,
    known: Store,
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    now: Moment,
    make_session: MakeSession,
) -> None:
    other = Store(tmp_path_factory.mktemp("other") / "holdwell.db")
    other.save(make_session(TODAY), now)
    other.save_cramp(TODAY, CrampLeg.LEFT, now)
    for leg in (CrampLeg.BOTH, None):
        other.save_cramp(TODAY - timedelta(1), leg, now)
    exported = exporting.export(other, now)
    other.close()
    app = open_page("record")
    app.file_uploader("hw-import-0").set_value(("holdwell.zip", exported, "application/zip")).run()
    text = texts(app)
    preview = re.search("1 session and 1 answer about cramps; with holds.*, ([0-9]+ entries)", text)
    assert preview is not None
    assert known.session_count() == 0, "a preview changes nothing"
    app.button("hw-import-yes").click().run()
    assert f"Imported: {preview[1]}." in texts(app), "the number of the preview"
    assert known.session_count() == 1
    app.button("hw-undo-tap").click().run()
    assert f"Undone: {preview[1]} from the import were removed." in texts(app)
    assert known.session_count() == 0


def test_undoing_an_import_does_not_undo_a_later_import(
    open_page: OpenPage,
    known: Store,
    tmp_path_factory: pytest.TempPathFactory,
    now: Moment,
    make_session: MakeSession,
) -> None:
    """Another window imports a file in between, so its line is shown instead of the undo bar."""
    with opened(tmp_path_factory.mktemp("other") / "holdwell.db") as other:
        other.save(make_session(TODAY), now)
        first = exporting.export(other, now)
        other.save(make_session(TODAY), now)
        second = exporting.export(other, now)
    app = open_page("record")
    app.file_uploader("hw-import-0").set_value(("a.zip", first, "application/zip")).run()
    app.button("hw-import-yes").click().run()
    later = Moment(now.utc + timedelta(minutes=1), now.utc_offset)
    importing.insert(known, validation.read(second), later)
    app.button("hw-undo-tap").click().run()
    assert known.session_count() == 2
    assert app.button("hw-import-undo")


@pytest.mark.parametrize("problem", ExportProblem)
def test_every_fault_of_a_file_has_a_sentence(problem: ExportProblem) -> None:
    assert say(f"record.import_{problem.value}").endswith(".")


def test_a_file_that_is_not_ours_is_refused_in_words(open_page: OpenPage, known: Store) -> None:
    app = open_page("record")
    app.file_uploader("hw-import-0").set_value(("photo.zip", b"\xff\xd8", "application/zip")).run()
    assert not app.exception
    assert "not a file that Holdwell exported" in app.warning[0].value


def test_the_warning_of_a_synced_folder_can_be_closed_but_not_that_of_conflicted_copies(
    open_page: OpenPage, known: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synced_folder, "service_of", lambda _: "Dropbox")
    (folder / "holdwell (conflicted copy).db").touch()
    app = open_page("record")
    assert "Your data folder is in Dropbox." in texts(app)
    app.button("hw-synced-seen").click().run()
    assert "Your data folder is in Dropbox." not in texts(app)
    assert "holdwell (conflicted copy).db" in texts(app)
