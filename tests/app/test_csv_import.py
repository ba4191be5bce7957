"""Importing another tracker's table: it is asked about, previewed, imported once and undone."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import PainEntry
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.transfer.csv import dates, formats, reader, saving
from holdwell.transfer.csv.cells import Refusal, Scale
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.file_kinds import TableProblem
from holdwell.transfer.csv.mapping import Role
from holdwell.ui.data import csv_import
from holdwell.ui.runtime import clock
from tests.app.conftest import OpenPage, texts

DIARY = (
    "Date,Time,Pain level,Notes\n03/04/2026,21:05,4,hot bath\n05/04/2026,7:30,3,\n"
    "06/04/2026,7:30,mild,\n31/04/2026,9ish,2,\n"
)


def upload(app: AppTest, text: str | bytes, name: str = "diary.csv") -> AppTest:
    data = text.encode() if isinstance(text, str) else text
    (uploader,) = app.file_uploader
    return uploader.set_value((name, data, "text/csv")).run()


def ask(app: AppTest, scale: Scale) -> AppTest:
    """Answer which scale the file's pain scores have."""
    (box,) = [b for b in app.selectbox if b.label == say("trackers.scale")]
    box.set_value(scale)
    return app.run()


def test_a_diary_is_mapped_asked_about_imported_and_undone(
    open_page: OpenPage, known: Store, folder: Path
) -> None:
    app = upload(open_page("record"), DIARY)
    text = texts(app)
    assert "4 rows in this file" in text
    assert [box.value for box in app.selectbox][:4] == ["date", "time", "pain", "note"]
    # The dates could be read in two orders and the scores be of two scales, so both are asked.
    assert not [b for b in app.button if b.key == "hw-import-yes"]
    (order,) = app.segmented_control
    assert order.options == ["Fri, 3 Apr 2026", "Wed, 4 Mar 2026"]
    order.set_value(DateOrder.DAY_FIRST)
    app.run()
    assert "Please say how this tracker counts pain" in texts(app)
    ask(app, Scale.TEN)
    text = texts(app)
    assert "New: 2 pain entries, 0 sessions." in text
    assert "Fri, 3 Apr 2026, 21:05" in text
    assert "Row 4: “mild” is not a number." in text
    assert "Row 5: “31/04/2026” is not a date with day, month and year" in text
    assert known.pains(limit=9) == [], "a preview changes nothing"
    app.button("hw-import-yes").click().run()
    assert "Imported: 2 entries." in texts(app)
    assert [(p.score, p.note) for p in known.pains(limit=9)] == [(3, ""), (4, "hot bath")]
    assert len(list((folder / "backups").glob("before-import-*.db"))) == 1
    later = PainEntry(date(2026, 11, 20), 9)
    known.save(later, clock.now())
    app.button("hw-undo-tap").click().run()
    assert "Undone: 2 entries" in texts(app)
    assert known.pains(limit=9) == [later], "what was logged since stays"
    upload(app, DIARY)
    assert app.segmented_control[0].value is None, "each file is asked"


def test_the_first_rows_are_shown_as_they_are(open_page: OpenPage, known: Store) -> None:
    text = 'Date,Pain,**Note**,Empty\n2026-11-20,4,"<b>a|b</b>\nhot, [bath](x)",\n2026-11-21,3\n'
    app = upload(open_page("record"), text)
    (table,) = [text.value for text in app.markdown if "Pain" in text.value]
    assert [line.count("|") - line.count(r"\|") for line in table.splitlines()] == [4] * 4
    assert re.sub(r"\\(.)", r"\1", table).splitlines() == [
        "|Date|Pain|**Note**|",
        "|-|-|-|",
        "|2026-11-20|4|<b>a|b</b> hot, [bath](x)|",
        "|2026-11-21|3||",
    ]
    assert "[" not in table.replace(r"\[", ""), "no Markdown of the file is rendered"


def test_what_was_found_in_a_file_is_kept_until_the_import_and_no_longer(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Counter[str]()
    found_by = ((reader, "read"), (formats, "propose_with_memory"), (dates, "orders"))
    for module, name in (*found_by, (saving, "read")):
        find, full_name = getattr(module, name), f"{module.__name__}.{name}"

        def count(*given: Any, find: Any = find, full_name: str = full_name) -> Any:
            calls[full_name] += 1
            return find(*given)

        monkeypatch.setattr(module, name, count)
    app = upload(open_page("record"), DIARY)
    app.segmented_control[0].set_value(DateOrder.DAY_FIRST)
    ask(app.run(), Scale.TEN)
    app.run()
    assert (len(calls), set(calls.values())) == (4, {1})
    assert csv_import._KEPT in app.session_state
    app.button("hw-import-yes").click().run()
    assert "Imported: 2 entries." in texts(app)
    assert csv_import._KEPT not in app.session_state


def test_what_was_found_in_a_file_is_let_go_of_with_the_file(
    open_page: OpenPage, known: Store
) -> None:
    app = upload(open_page("record"), DIARY)
    assert csv_import._KEPT in app.session_state
    (uploader,) = app.file_uploader
    uploader.set_value(None).run()
    assert csv_import._KEPT not in app.session_state


def test_each_question_offers_only_names_that_can_be_an_answer(
    open_page: OpenPage, known: Store
) -> None:
    app = upload(
        open_page("record"),
        "date,weekday,time of day,category,rating/amount,detail,notes\n"
        "3rd Apr 2026,Fri,am,Symptom,7,Back pain,\n3rd Apr 2026,Fri,am,Factor,9,Sciatica,\n"
        "3rd Apr 2026,Fri,am,Factor,,Stretching,\n",
    )
    pain, done = app.multiselect
    assert (pain.options, pain.value) == (["Back pain"], ["Back pain"])
    assert done.options == ["Back pain", "Sciatica", "Stretching"]
    assert "New: 1 pain entry, 1 session." in texts(app)
    app = upload(
        open_page("record"),
        "full_date,date,weekday,time,mood,activities,scales,note_title,note\n"
        '2026-04-03,3. April,Freitag,07:30,gut,"lesen | Dehnen",Back pain: 7,,\n',
    )
    assert [box.label for box in app.multiselect] == [say("trackers.names_done")]
    assert "New: 1 pain entry, 1 session." in texts(app)


def test_the_scale_in_the_header_is_confirmed_with_one_tap(
    open_page: OpenPage, known: Store
) -> None:
    app = upload(open_page("record"), "Date,Pain (0-100)\n2026-04-03,40\n")
    assert "Please say how this tracker counts pain" in texts(app)
    assert not [b for b in app.button if b.key == "hw-import-yes"], "it is asked about"
    (box,) = app.checkbox
    assert box.label == "Yes: 0 to 100, as the name of the column says"
    box.check().run()
    assert "New: 1 pain entry, 0 sessions." in texts(app)
    app.button("hw-import-yes").click().run()
    assert [entry.score for entry in known.pains(limit=9)] == [4]


def test_the_order_that_a_tracker_always_has_is_proposed(open_page: OpenPage, known: Store) -> None:
    app = upload(
        open_page("record"),
        "#,Started,Lasted,Attack Types,Pain Level\n1,11/05/26 21:05,2h,Back pain,7\n",
    )
    assert "This looks like Migraine Buddy." in texts(app)
    assert app.segmented_control[0].value is DateOrder.MONTH_FIRST
    assert "Thu, 5 Nov 2026, 21:05" in texts(app)


def test_importing_the_same_file_again_adds_nothing(open_page: OpenPage, known: Store) -> None:
    app = upload(open_page("record"), "Date;Pain\n2026-11-20;7\n2026-11-21;4\n")
    text = texts(app)
    assert "There is no time in this file: each entry is kept with its day only." in text
    app.button("hw-import-yes").click().run()
    upload(app, "Date;Pain\n2026-11-20;7\n2026-11-21;4\n")
    assert "Nothing new to bring in." in texts(app)
    assert "Already in your record: 2 rows" in texts(app)
    assert not [b for b in app.button if b.key == "hw-import-yes"]
    assert len(known.pains(limit=9)) == 2


def test_the_users_choice_of_columns_counts(open_page: OpenPage, known: Store) -> None:
    app = upload(open_page("record"), "Date,A,B\n2026-11-20,33,hot bath\n")
    assert "Please say which column has the pain, or whether you stretched." in texts(app)
    app.selectbox[1].set_value(Role.AFTER)
    app.selectbox[2].set_value(Role.NOTE)
    app.run()
    ask(app, Scale.HUNDRED)
    assert "halves rounded up" in texts(app)
    app.button("hw-import-yes").click().run()
    (session,) = known.sessions(limit=9)
    assert (session.pain_before, session.pain_after) == (None, 3)
    assert session.note == "hot bath\nPain after in the file: 33 of 100."


def test_two_columns_cannot_have_the_same_role(open_page: OpenPage, known: Store) -> None:
    app = upload(open_page("record"), "Date,A,B\n2026-11-20,7,8\n")
    app.selectbox[1].set_value(Role.BEFORE)
    app.selectbox[2].set_value(Role.BEFORE)
    app.run()
    assert "and what the row is about may be in several columns" in texts(app)
    app.selectbox[0].set_value(Role.LEAVE)
    app.run()
    assert "which column has the date" in texts(app)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "nothing in this file"),
        (b"PK\x03\x04\0\0", "holds none or several"),
        (b"\xd0\xcf\x11\xe0", "own file"),
        (b"a,b\n" + b"1,2\n" * 200_002, "more than 200,000 rows"),
        (b'a,b\n1,"' + b"x" * 200_000, "from row 2 on"),
    ],
)
def test_a_file_that_is_not_a_table_is_refused_in_words(
    open_page: OpenPage, known: Store, data: bytes, sentence: str
) -> None:
    app = upload(open_page("record"), data)
    assert sentence in app.warning[0].value
    assert not app.exception


def test_text_from_a_file_is_never_markup(open_page: OpenPage, known: Store) -> None:
    app = upload(open_page("record"), "Date,**x** <b>,**x** <b>\n2026-11-20,:red[y],*z*\n")
    assert "**x** <b>, for example: :red[y]" in [element.value for element in app.text]
    for element in (*app.markdown, *app.caption):
        assert "<b>" not in element.value
    assert not app.exception


FIXTURES = Path(__file__).parents[1] / "fixtures" / "trackers"


def test_a_known_tracker_is_named_and_only_its_pain_rows_are_imported(
    open_page: OpenPage, known: Store
) -> None:
    app = upload(open_page("record"), (FIXTURES / "trackgraph.csv").read_bytes())
    text = texts(app)
    assert "This looks like Track & Graph." in text
    pain, done = app.multiselect
    assert (pain.value, done.value) == (["Back pain"], [])
    assert "Please say how this tracker counts pain" not in text
    assert "3 rows, such as row 4: It is about something else: “Hours slept”." in text
    app.button("hw-import-yes").click().run()
    assert [(p.score, p.note) for p in known.pains(limit=9)] == [
        (6, "Back pain"),
        (4, "Back pain\nafter work"),
    ]


def test_the_user_chooses_the_rows_if_their_names_do_not_tell(
    open_page: OpenPage, known: Store
) -> None:
    text = "When,Item,Value\n2026-11-20,Rücken,7\n2026-11-20,Kaffee,3\n2026-11-21,Dehnung,1\n"
    app = upload(open_page("record"), text)
    assert [box.value for box in app.multiselect] == [[], ["Dehnung"]]
    app.multiselect[0].set_value(["Rücken"]).run()
    app.button("hw-import-yes").click().run()
    assert [(p.score, p.note) for p in known.pains(limit=9)] == [
        (7, "Rücken"),
    ]
    assert [s.note for s in known.sessions(limit=9)] == ["Dehnung"]


def test_columns_without_data_are_hidden_and_the_header_row_is_named(
    open_page: OpenPage, known: Store
) -> None:
    app = upload(open_page("record"), (FIXTURES / "drip.csv").read_bytes())
    text = texts(app)
    assert "This looks like drip." in text
    assert "Columns without data that are not shown: 41." in text
    assert len([b for b in app.selectbox if b.label.startswith("Column")]) == 8
    app = upload(open_page("record"), (FIXTURES / "preamble.csv").read_bytes())
    assert "The names of the columns are in row 5" in texts(app)


def test_earlier_choices_for_a_header_are_proposed_again(open_page: OpenPage, known: Store) -> None:
    app = upload(open_page("record"), "Date,A,B\n2026-11-20,3,hot bath\n")
    app.selectbox[1].set_value(Role.AFTER)
    app.run()
    ask(app, Scale.FIVE)
    app.button("hw-import-yes").click().run()
    app = upload(open_page("record"), "Date,A,B\n2026-11-21,4,hot bath\n")
    assert [box.value for box in app.selectbox] == ["date", "pain_after", "leave", "five"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("clue.json", "This is a JSON file that Holdwell did not export"),
        ("export.xml", "This is an XML file"),
        ("loop.zip", "This looks like Loop Habit Tracker."),
    ],
)
def test_other_files_are_read_or_refused_with_what_to_do(
    open_page: OpenPage, known: Store, name: str, sentence: str
) -> None:
    app = upload(open_page("record"), (FIXTURES / name).read_bytes(), name)
    assert sentence in texts(app)
    assert not app.exception


@pytest.mark.parametrize("problem", TableProblem)
def test_every_fault_of_a_table_has_a_sentence(problem: TableProblem) -> None:
    assert say(f"trackers.table_{problem.value}", number=3).endswith(".")


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_a_sentence(refusal: Refusal) -> None:
    assert say(f"trackers.refused_{refusal.value}", value="x", most=5).endswith(".")
