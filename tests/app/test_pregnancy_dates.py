"""The dates of pregnancies: a new one begins; an earlier one is changed or removed."""

from dataclasses import replace
from datetime import date

from holdwell.domain.models import (
    BirthKind,
    Moment,
    Pregnancy,
)
from holdwell.store.repository import Store
from holdwell.ui.settings.pregnancy_form import Where
from tests.app.conftest import OpenPage, current_pregnancy, texts
from tests.conftest import TODAY, MakeSession

FIRST = Pregnancy(due_date=date(2025, 1, 10), birth_date=date(2025, 1, 8))


LOST = Pregnancy(due_date=date(2026, 6, 1), ended=True)


def test_another_pregnancy_is_begun_and_the_first_is_kept(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    (only,) = known.pregnancy_periods()
    assert only.pregnancy is not None
    born = replace(FIRST, id=only.id, birth_kind=BirthKind.CAESAREAN)
    known.save_pregnancy(born, now)
    known.save(make_session(date(2025, 1, 20)), now)
    app = open_page("settings")
    app.button("hw-another").click().run()
    assert "keeps its dates and all its sessions" in texts(app)
    assert list(app.pills("another-where").options) == ["Pregnant", "I have given birth"]
    app.pills("another-where").set_value(Where.POSTPARTUM).run()
    app.date_input("another-birth").set_value(date(2025, 2, 1)).run()
    app.button("another-next").click().run()
    assert "an earlier pregnancy" in app.warning[0].value
    assert app.date_input("another-birth").value == date(2025, 2, 1), "nothing is lost"
    assert known.pregnancy() == born
    app.pills("another-where").set_value(Where.PREGNANT).run()
    app.date_input("another-due").set_value(date(2027, 3, 13)).run()
    app.button("another-next").click().run()
    before, current = known.pregnancy_periods()
    assert before.pregnancy == born
    assert current.pregnancy is not None and current.pregnancy.due_date == date(2027, 3, 13)
    assert (current.pregnancy.birth_kind, current.first) == (None, date(2026, 6, 6))
    assert (known.session_count(before), known.session_count(current)) == (1, 0)
    assert "24w 3d" in texts(open_page("today"))
    text = texts(open_page("settings"))
    assert "April 2024 to June 2026" in text
    # A new pregnancy begun by mistake is a change that can be undone.
    app = open_page("changes")
    assert "Your dates added" in texts(app)
    app.button[[b.label for b in app.button].index("Undo")].click().run()
    assert [period.pregnancy for period in known.pregnancy_periods()] == [born]


def test_after_a_pregnancy_that_ended_new_dates_begin_another(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_pregnancy(replace(LOST, id=known.pregnancy_periods()[0].id), now)
    app = open_page("settings")
    assert not [b for b in app.button if b.key == "hw-another"]
    app.button("hw-change").click().run()
    app.pills("settings-where").set_value(Where.NEITHER).run()
    app.button("settings-next").click().run()
    lost = current_pregnancy(known)
    assert (lost.due_date, lost.ended) == (LOST.due_date, True), "kept"
    app.button("hw-change").click().run()
    app.pills("settings-where").set_value(Where.PREGNANT).run()
    assert app.date_input("settings-due").value is None
    app.date_input("settings-due").set_value(date(2026, 11, 1)).run()
    app.date_input("settings-due").set_value(date(2027, 3, 13)).run()
    app.button("settings-next").click().run()
    before, current = known.pregnancy_periods()
    assert before.pregnancy == lost
    assert current.pregnancy is not None and not current.pregnancy.ended
    assert "24w 3d" in texts(open_page("today"))
    text = texts(open_page("settings")).lower()
    assert "august 2025 to june 2026" in text
    assert "no longer shows" not in text and "sorry" not in text
    # Even without dates it is the current one.
    known.save_pregnancy(replace(current.pregnancy, due_date=None), now)
    assert known.pregnancy_periods()[-1].id == current.id
    assert known.pregnancy_periods()[-1].first == TODAY


def test_the_welcome_page_also_begins_another_pregnancy_after_one_that_ended(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_pregnancy(replace(LOST, id=known.pregnancy_periods()[0].id), now)
    app = open_page("welcome")
    app.pills("welcome-where").set_value(Where.PREGNANT).run()
    app.date_input("welcome-due").set_value(date(2027, 3, 13)).run()
    app.button("welcome-next").click().run()
    before, current = known.pregnancy_periods()
    assert before.pregnancy is not None and before.pregnancy.ended
    assert current.pregnancy is not None and current.pregnancy.due_date == date(2027, 3, 13)


def test_an_earlier_pregnancy_is_changed_removed_and_restored(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_pregnancy(FIRST, now)
    known.save_pregnancy(LOST, now)
    known.save(make_session(date(2025, 12, 1)), now)
    app = open_page("settings")
    app.button(f"earlier-{FIRST.id}").click().run()
    key = f"earlier-{FIRST.id}"
    app.date_input(f"{key}-birth").set_value(date(2026, 10, 1)).run()
    app.button(f"{key}-next").click().run()
    assert "disagree" in app.warning[0].value
    app.date_input(f"{key}-due").set_value(None).run()
    app.button(f"{key}-next").click().run()
    assert "into the next pregnancy" in app.warning[0].value
    assert known.pregnancy_periods()[0].pregnancy == FIRST
    app.date_input(f"{key}-birth").set_value(date(2025, 1, 2)).run()
    app.button(f"{key}-next").click().run()
    changed = known.pregnancy_periods()[0].pregnancy
    assert changed == replace(FIRST, due_date=None, birth_date=date(2025, 1, 2))
    # A pregnancy that ended has no field for a birth; its days then belong to the one before.
    app.button(f"earlier-{LOST.id}").click().run()
    assert not [d for d in app.date_input if d.key == f"earlier-{LOST.id}-birth"]
    app.button("earlier-remove").click().run()
    assert next(period.id for period in known.pregnancy_periods()) == FIRST.id
    assert len(known.pregnancy_periods()) == 2
    assert known.session_count(known.pregnancy_periods()[0]) == 1
    app.button("hw-undo-tap").click().run()
    assert [period.id for period in known.pregnancy_periods()][:2] == [FIRST.id, LOST.id]
    assert known.session_count(known.pregnancy_periods()[1]) == 1
