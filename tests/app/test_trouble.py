"""When the record cannot be read or written: a sentence that says what to do, nothing lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from holdwell import schema
from holdwell.records import Moment
from holdwell.schema import StoreError, StoreProblem
from holdwell.store import Store
from holdwell.ui import shell
from tests.app.conftest import OpenPage, texts
from tests.conftest import MakeSession

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
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.rollback()
    other.close()


def test_locked_says_so_and_keeps_the_form(
    open_page: OpenPage, known: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)
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
    assert "secret detail" in (folder / shell.LOG_NAME).read_text(encoding="utf-8")


def test_a_faulty_content_file_is_named(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdwell import guide as guides

    def fail() -> None:
        raise guides.GuideError('side_reach.toml: "order" is missing. Add a line order = …')

    monkeypatch.setattr(guides, "guide", fail)
    app = open_page("stretch")
    assert 'side_reach.toml: "order" is missing' in texts(app)
