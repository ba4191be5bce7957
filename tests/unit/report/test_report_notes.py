"""The notes of the report: which there are, which are chosen, and how much of each has room."""

from dataclasses import replace
from datetime import timedelta

from holdwell.domain.models import Moment, PainEntry
from holdwell.report import summary, text
from holdwell.store.repository import Store
from tests.conftest import MakeSession
from tests.unit.report.conftest import FIRST, TODAY, read


def with_notes(store: Store, now: Moment, make_session: MakeSession, texts: list[str]) -> list[str]:
    made = [
        replace(make_session(TODAY - timedelta(n), 12), note=text) for n, text in enumerate(texts)
    ]
    store.save_all(made, now)
    return [session.id for session in made]


def test_only_the_notes_that_were_chosen(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    ids = with_notes(store, now, make_session, ["one", "two", "   ", "four"])
    assert read(store).notes == ()
    assert [n.text for n in read(store, frozenset({ids[1]})).notes] == ["two"]
    everything = read(store, None)
    assert [n.text for n in everything.notes] == ["one", "two", "four"]
    assert everything.notes_chosen == summary.note_count(store, FIRST, TODAY) == 3
    store.delete("session", ids[0], now)
    assert [n.text for n in summary.notes(store, FIRST, TODAY)] == ["two", "four"]


def test_a_long_note_is_cut_and_says_by_how_much(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    with_notes(store, now, make_session, ["x" * 2000, "short\n\nand\tsweet"])
    (_, long), (_, short) = text.note_lines(read(store, None))
    assert long == "x" * 700 + " … (1,300 more characters)"
    assert short == "short and sweet"
    left = text.notes_left(read(store, None))
    assert left[0].endswith("2 notes more.")
    assert left[2] == ""


def test_notes_of_pain_entries_are_included(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    with_notes(store, now, make_session, ["a session"])
    at = Moment.of(now.local.replace(hour=3, minute=5))
    pains = [
        PainEntry(TODAY, 6, at, note="woke me"),
        PainEntry(TODAY - timedelta(1), 4, note="on the stairs"),
        PainEntry(TODAY, 5, at, note=" "),
    ]
    store.save_all(pains, now)
    lines = text.note_lines(read(store, None))
    assert lines == [
        ("Tue, 24 Nov 2026, 12:00", "a session"),
        ("Tue, 24 Nov 2026, 03:05", "woke me"),
        ("Mon, 23 Nov 2026", "on the stairs"),
    ]
    assert summary.note_count(store, FIRST, TODAY) == 3
    assert [n.text for n in read(store, frozenset({pains[1].id})).notes] == ["on the stairs"]
    store.delete("pain", pains[0].id, now)
    assert [n.text for n in summary.notes(store, FIRST, TODAY)] == ["a session", "on the stairs"]
