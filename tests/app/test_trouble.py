"""When the record cannot be read or written: a sentence that says what to do, nothing lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.backup import daily
from holdwell.domain.models import CrampLeg, Moment
from holdwell.i18n.messages import say
from holdwell.i18n.toml_reader import ContentError
from holdwell.store import sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.store.snapshot import CopyError
from holdwell.transfer import exporting
from holdwell.transfer.zip_reader import ExportProblem
from holdwell.ui import errors
from tests.app.conftest import OpenPage, texts
from tests.conftest import MakeSession, plain_file

TODAY = date(2026, 11, 24)


def filled_form(open_page: OpenPage) -> AppTest:
    """The form for a past session, filled in and not yet saved."""
    app = open_page("history")
    app.button("hw-add").click().run()
    app.pills("form-add-0-before").set_value(7)
    app.text_area("form-add-0-note").set_value("do not lose me")
    return app


def assert_form_is_still_filled(app: AppTest) -> None:
    assert app.pills("form-add-0-before").value == 7
    assert app.text_area("form-add-0-note").value == "do not lose me"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    other = plain_file(path).connect()
    other.execute("BEGIN IMMEDIATE")
    yield
    other.rollback()
    other.close()


def test_locked_says_so_and_keeps_the_form(
    open_page: OpenPage, known: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    app = filled_form(open_page)
    with locked(folder / "holdwell.db"):
        app.button("form-add-0-save").click().run()
    assert "Another program is using your record" in texts(app)
    assert_form_is_still_filled(app)
    assert known.session_count() == 0
    app.button("form-add-0-save").click().run()
    assert [s.note for s in known.sessions(limit=5)] == ["do not lose me"]


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
    # That SQLite's own refusals become these problems is tested in unit/test_schema.py.
    app = filled_form(open_page)
    path = folder / "holdwell.db"

    def refuse(*_: object) -> None:
        raise StoreError(problem, path)

    with monkeypatch.context() as broken:
        broken.setattr(Store, "save_session", refuse)
        app.button("form-add-0-save").click().run()
    assert words in texts(app)
    assert [str(path)] == [block.value for block in app.code]
    assert_form_is_still_filled(app)


def test_a_damaged_record_is_set_aside_untouched(
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
    assert "where are you" in texts(app)


def test_a_damaged_record_offers_its_newest_good_backup(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY), now)
    path = folder / "holdwell.db"
    assert daily.make_daily(known.file, TODAY) is not None
    known.close()
    for suffix in ("-wal", "-shm"):
        (folder / f"holdwell.db{suffix}").unlink(missing_ok=True)
    path.write_bytes(b"not a database at all " * 400)
    app = open_page("today")
    assert "There is a good backup of Tue, 24 Nov 2026." in texts(app)
    app.button("hw-restore-newest").click().run()
    assert "is your record now" in texts(app)
    restored = Store(path)
    assert restored.session_count() == 1
    restored.close()
    assert len(list(folder.glob("holdwell.damaged-*.db"))) == 1


def test_a_backup_is_made_on_the_first_opening_of_a_day(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY), now)
    open_page("today")
    assert [day for day, _ in daily.days(folder / "holdwell.db")] == [TODAY]


def test_a_backup_that_fails_stops_nobody(
    open_page: OpenPage,
    known: Store,
    folder: Path,
    now: Moment,
    make_session: MakeSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise CopyError("no room")

    known.save_session(make_session(TODAY), now)
    monkeypatch.setattr(daily, "copy_database", fail)
    assert "Good evening" in texts(open_page("today"))
    assert "The last backup could not be made" in texts(open_page("record"))


def test_a_backup_is_previewed_brought_back_and_undone(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY), now)
    made = daily.make_daily(known.file, TODAY - timedelta(3))
    assert made is not None
    known.save_session(make_session(TODAY, 7), now)
    app = open_page("record")
    app.button("restore-2026-11-21").click().run()
    said = texts(app)
    assert "Your record has 2 sessions now. The backup of Sat, 21 Nov 2026 has 1 session" in said
    assert known.session_count() == 2, "a preview changes nothing"
    app.button("hw-restore-yes").click().run()
    assert "The backup of Sat, 21 Nov 2026 is your record now." in texts(app)
    assert known.session_count() == 1
    app.button("hw-undo-tap").click().run()
    assert known.session_count() == 2


def test_a_copy_kept_before_a_restore_can_be_brought_back_later(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    made = daily.make_daily(known.file, TODAY - timedelta(3))
    assert made is not None
    known.save_session(make_session(TODAY), now)
    kept = daily.restore(known.file, made, now)
    assert kept is not None
    assert known.session_count() == 0
    app = open_page("record")
    assert "1 session, until" in texts(app)
    app.button(f"restore-{kept.stem}").click().run()
    app.button("hw-restore-yes").click().run()
    assert known.session_count() == 1


def test_a_newer_record_is_refused_politely(open_page: OpenPage, known: Store) -> None:
    known.set_meta("schema_version", "999")
    for page in ("today", "stretch", "history", "progress", "settings"):
        app = open_page(page)
        assert "newer version of Holdwell" in texts(app)
        assert not app.exception


def test_a_fault_of_ours_shows_no_traceback_and_writes_it_down(
    open_page: OpenPage, known: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(Store, "sessions", fail)
    known.save_profile(known.profile(), Moment.from_iso("2026-11-24T00:00:00Z", 0))
    app = open_page("history")
    assert not app.exception
    assert "went wrong on our side" in texts(app)
    assert "secret detail" not in texts(app)
    assert "secret detail" in (folder / errors.LOG_NAME).read_text(encoding="utf-8")


def test_a_faulty_content_file_is_named(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdwell import guide as guides

    def fail() -> None:
        raise ContentError('side_reach.toml: "order" is missing. Add a line order = …')

    monkeypatch.setattr(guides, "guide", fail)
    app = open_page("stretch")
    assert 'side_reach.toml: "order" is missing' in texts(app)


def test_an_exported_file_is_previewed_brought_in_and_undone(
    open_page: OpenPage,
    known: Store,
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    now: Moment,
    make_session: MakeSession,
) -> None:
    other = Store(tmp_path_factory.mktemp("other") / "holdwell.db")
    other.save_session(make_session(TODAY), now)
    other.save_cramp(TODAY, CrampLeg.LEFT, now)
    exported = exporting.export(other, now)
    other.close()
    app = open_page("record")
    app.file_uploader("hw-import-0").set_value(("holdwell.zip", exported, "application/zip")).run()
    said = texts(app)
    assert "New in this file: 1 session and 1 answers about cramps." in said
    assert known.session_count() == 0, "a preview changes nothing"
    app.button("hw-import-yes").click().run()
    assert "Brought in" in texts(app)
    assert known.session_count() == 1
    app.button("hw-undo-tap").click().run()
    assert known.session_count() == 0


@pytest.mark.parametrize("problem", ExportProblem)
def test_every_fault_of_a_file_has_a_sentence(problem: ExportProblem) -> None:
    assert say(f"record.import_{problem.value}").endswith(".")


def test_a_file_that_is_not_ours_is_refused_in_words(open_page: OpenPage, known: Store) -> None:
    app = open_page("record")
    app.file_uploader("hw-import-0").set_value(("photo.zip", b"\xff\xd8", "application/zip")).run()
    assert not app.exception
    assert "not a file that Holdwell exported" in app.warning[0].value
