"""Erasing for good needs a typed word, and then removes everything in its scope."""

from dataclasses import replace
from pathlib import Path

import pytest

from holdwell.backup import daily, erase
from holdwell.backup.erase import Scope
from holdwell.domain.models import Moment
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession

MARK = "unmistakable-4711"


@pytest.fixture
def worn(known: Store, now: Moment, make_session: MakeSession) -> Store:
    session = replace(make_session(TODAY, 12), note=MARK)
    known.save(session, now)
    known.save(make_session(TODAY, 8), now)
    daily.make_daily(known.file, TODAY)
    known.delete("session", session.id, now)
    return known


def holds_mark(folder: Path) -> bool:
    return any(MARK.encode() in p.read_bytes() for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("scope", Scope)
def test_erasing_needs_a_typed_word_and_leaves_nothing(
    open_page: OpenPage, worn: Store, folder: Path, scope: Scope
) -> None:
    app = open_page("record")
    app.button(f"hw-empty-{scope.value}").click().run()
    text = texts(app)
    assert "This goes for good" in text
    assert "1 file in the data folder" in text
    assert "The app cannot reach" in text and "a cramp that another browser keeps" in text
    assert holds_mark(folder)
    app.button("hw-empty-yes").click().run()
    assert "Nothing is emptied yet" in texts(app)
    app.text_input("hw-empty-word-0").set_value("Empt")
    app.button("hw-empty-yes").click().run()
    assert "Nothing is emptied yet" in texts(app)
    assert holds_mark(folder)
    app.text_input("hw-empty-word-0").set_value(" ‘Empty’. ")
    app.button("hw-empty-yes").click().run()
    assert "Gone for good" in texts(app)
    assert app.session_state["hw-forgotten"], "the browser drops what it keeps of half-filled forms"
    assert not app.exception
    assert not holds_mark(folder)
    assert worn.session_count() == (1 if scope is Scope.OLD else 0)


def test_after_erasing_everything_the_app_is_as_new(
    open_page: OpenPage, worn: Store, folder: Path
) -> None:
    app = open_page("record")
    app.button("hw-empty-everything").click().run()
    app.text_input("hw-empty-word-0").set_value("empty")
    app.button("hw-empty-yes").click().run()
    for page in ("today", "history", "progress", "settings", "changes", "record", "review"):
        opened = open_page(page)
        assert not opened.exception, page
        assert not opened.error, page
    assert "skip these questions" in texts(open_page("today"))
    assert "Nothing here yet" in texts(open_page("history"))
    assert list((folder / "backups").iterdir()) == []
    assert not holds_mark(folder)


def test_cancelling_erases_nothing(open_page: OpenPage, worn: Store, folder: Path) -> None:
    app = open_page("record")
    app.button("hw-empty-everything").click().run()
    app.button("hw-empty-no").click().run()
    assert not [b for b in app.button if b.key == "hw-empty-yes"]
    assert worn.session_count() == 1
    assert worn.session_count(deleted=True) == 1


def test_a_failed_erase_is_reported_and_can_be_repeated(
    open_page: OpenPage, worn: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no room")

    app = open_page("record")
    app.button("hw-empty-everything").click().run()
    app.text_input("hw-empty-word-0").set_value("empty")
    with monkeypatch.context() as broken:
        broken.setattr(erase, "erase", refuse)
        app.button("hw-empty-yes").click().run()
    assert "This is not finished" in texts(app)
    assert worn.session_count() == 1
    app.button("hw-empty-yes").click().run()
    assert "Gone for good" in texts(app)
