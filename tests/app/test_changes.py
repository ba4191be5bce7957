"""The page of changes lists those of the last 30 days, and each can be undone."""

from dataclasses import replace

from holdwell.domain.models import Moment
from holdwell.store import undo
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession


def test_a_change_is_described_and_undone_and_the_undo_is_undone(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12, before=6, after=4)
    known.save(session, now)
    edited = replace(session, pain_after=3)
    known.save(edited, now)
    app = open_page("history")
    app.button("hw-changes").click().run()
    # AppTest does not follow st.switch_page within a run, so open the page itself.
    app = open_page("changes")
    text = texts(app)
    assert "Tue 24 Nov, 21:05" in text
    assert "Session of Tue 24 Nov, 12:00 changed" in text
    assert "pain after 4 → 3" in text
    assert "Undoing it sets pain after 3 → 4." in text
    step = undo.changes(known, limit=1)[0].id
    app.button(f"undo-{step}").click().run()
    assert known.session(session.id) == session
    text = texts(app)
    assert "Undone." in text
    assert "An undo" in text
    assert "It is as it was before this change." in text
    assert not [b for b in app.button if b.key == f"undo-{step}"]
    app.button(f"undo-{undo.changes(known, limit=1)[0].id}").click().run()
    assert known.session(session.id) == edited


def test_changes_come_in_pages(open_page: OpenPage, known: Store, now: Moment) -> None:
    for number in range(20):
        known.save_profile(replace(known.profile(), volume=number), now)
    app = open_page("changes")
    assert len([b for b in app.button if str(b.key).startswith("undo-")]) == 15
    app.button("hw-change-list-more").click().run()
    assert len([b for b in app.button if str(b.key).startswith("undo-")]) == 21
    assert not [b for b in app.button if b.key == "hw-change-list-more"]


def test_the_changes_page_says_if_nothing_was_changed(open_page: OpenPage, saved: Store) -> None:
    assert "You have changed nothing in the last 30 days." in texts(open_page("changes"))


def test_notes_on_the_page_of_changes_are_never_markup(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    known.save(session, now)
    known.save(replace(session, note="**b** <b> :red[y]"), now)
    app = open_page("changes")
    assert any("“**b** <b> :red[y]”" in element.value for element in app.text)
    for element in (*app.markdown, *app.caption):
        assert "**b**" not in element.value
        assert "<b>" not in element.value
