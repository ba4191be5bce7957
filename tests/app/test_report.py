"""The report's files contain what was chosen on the page."""

import io
import json
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import vobject
from PIL import Image

from holdwell.domain.models import CheckInAnswer, CrampLeg, CrampNight, Moment, Pregnancy, Tracking
from holdwell.report import pdf, summary
from holdwell.report.pdf import NAME_MAX, PaperSize
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock
from tests.app.conftest import Download, OpenPage, go_to, texts
from tests.conftest import TODAY, MakeSession


@pytest.fixture
def filled(known: Store, now: Moment, make_session: MakeSession) -> Store:
    sessions = [make_session(TODAY - timedelta(n), 12, before=6, after=4) for n in range(20)]
    sessions[1] = replace(sessions[1], note="*mine* alone")
    sessions[2] = replace(sessions[2], note="for you to read")
    known.save_all([*sessions, CrampNight(TODAY - timedelta(2), CrampLeg.LEFT)], now)
    return known


def test_after_a_flight_west_the_report_includes_tomorrows_session(
    open_page: OpenPage, filled: Store, now: Moment, make_session: MakeSession
) -> None:
    filled.save(make_session(TODAY + timedelta(1), 7, before=5), now)
    text = texts(open_page("report"))
    assert "to 25 Nov 2026" in text
    assert "Stretching sessions: 21." in text


def page_text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return " ".join(document[0].get_textpage().get_text_range().split())


def test_the_page_says_what_the_file_says(
    open_page: OpenPage, filled: Store, download: Download
) -> None:
    app = open_page("report")
    text = texts(app)
    assert "Stretching sessions: 20. On 20 of 20 days" in text
    assert not app.exception and not app.error
    app.text_input("hw-report-name").set_value("Ana").run()
    pdf = page_text(download(app, "hw-save-report"))
    assert "Ana" in pdf
    assert "6 (6 to 6) median (middle half); rated in 20 of 20 sessions" in pdf
    assert "24w 3d on 24 Nov 2026" in pdf
    assert "mine" not in pdf
    app.segmented_control("hw-paper").set_value(PaperSize.LETTER).run()
    document = pypdfium2.PdfDocument(download(app, "hw-save-report"))
    assert [round(side) for side in document[0].get_size()] == [612, 792]
    go_to(app, "reminders")
    go_to(app, "report")
    assert app.text_input("hw-report-name").value == "Ana"
    assert "Ana" in page_text(download(app, "hw-save-report"))


def test_only_ticked_notes_are_in_the_report(
    open_page: OpenPage, filled: Store, download: Download
) -> None:
    app = open_page("report")
    boxes = {box.label: box for box in app.checkbox}
    assert all(not box.value for box in boxes.values())
    (mine,) = [box for label, box in boxes.items() if "mine" in label]
    assert "\\*mine\\*" in mine.label
    mine.check().run()
    pdf = page_text(download(app, "hw-save-report"))
    assert "*mine* alone" in pdf and "for you to read" not in pdf
    app.checkbox("hw-notes-all").check().run()
    assert "for you to read" in page_text(download(app, "hw-save-report"))


def test_thoughts_of_self_harm_are_in_the_report_only_if_the_user_adds_them(
    open_page: OpenPage, filled: Store, now: Moment
) -> None:
    app = open_page("report")
    assert "hw-report-private" not in {box.key for box in app.checkbox}
    filled.save(CheckInAnswer(now, TODAY, "self_harm"), now)
    app = open_page("report")
    assert "Thoughts of harming" not in texts(app)
    app.checkbox("hw-report-private").check().run()
    assert "Thoughts of harming myself or others: once" in texts(app)


def test_a_name_that_is_too_long_is_refused_in_words(open_page: OpenPage, filled: Store) -> None:
    app = open_page("report")
    name = app.text_input("hw-report-name")
    assert not name.max_chars
    name.set_value("A" * NAME_MAX).run()
    assert "too long" not in texts(app)
    app.text_input("hw-report-name").set_value("A" * (NAME_MAX + 1)).run()
    assert f"too long: it can have {NAME_MAX} characters" in texts(app)


def test_a_chosen_range_and_what_can_be_wrong_with_it(
    open_page: OpenPage, filled: Store, download: Download
) -> None:
    app = open_page("report")
    app.pills("hw-report-range").set_value(summary.ReportRange.CHOSEN).run()
    app.date_input("hw-report-from").set_value(TODAY - timedelta(4)).run()
    assert "Stretching sessions: 5." in texts(app)
    app.date_input("hw-report-to").set_value(TODAY - timedelta(9)).run()
    assert "The last day comes before the first." in texts(app)
    assert not app.exception
    app.date_input("hw-report-to").set_value(TODAY + timedelta(1)).run()
    assert "has not come yet" in texts(app)


def test_the_preview_is_a_picture_of_the_page_with_its_text(
    open_page: OpenPage, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bytes, str]] = []
    import streamlit as st

    monkeypatch.setattr(st, "image", lambda data, **kwargs: seen.append((data, kwargs["alt"])))
    open_page("report")
    ((data, alt),) = seen
    assert Image.open(io.BytesIO(data)).size == (992, 1403)
    assert "Stretching sessions: 20." in alt


def test_with_paused_tracking_the_report_does_not_mention_pregnancy(
    open_page: OpenPage, filled: Store, now: Moment
) -> None:
    assert len(open_page("report").pills("hw-report-range").options) == 4
    filled.save_profile(replace(filled.profile(), tracking=Tracking.PAUSED), now)
    app = open_page("report")
    assert len(app.pills("hw-report-range").options) == 3
    assert "pregnancy" not in texts(app).replace("week of pregnancy and cramp", "").lower()


def test_a_report_without_sessions(open_page: OpenPage, known: Store, download: Download) -> None:
    app = open_page("report")
    assert "No session in this period." in texts(app)
    assert "Stretching sessions 0" in page_text(download(app, "hw-save-report"))


def test_the_fhir_file_has_the_chosen_days(
    open_page: OpenPage, filled: Store, download: Download
) -> None:
    app = open_page("report")
    app.pills("hw-report-range").set_value(summary.ReportRange.CHOSEN).run()
    app.date_input("hw-report-from").set_value(TODAY - timedelta(4)).run()
    bundle = json.loads(download(app, "hw-save-fhir"))
    codes = [
        entry["resource"]["code"]["coding"][0]["code"]
        for entry in bundle["entry"][1:]
        if "coding" in entry["resource"]["code"]
    ]
    assert codes.count("72514-3") == 10
    assert "mine" not in json.dumps(bundle)


@pytest.mark.parametrize(
    ("locale", "sheet"),
    [
        ("en_US", PaperSize.LETTER),
        ("en_GB", PaperSize.A4),
        ("es_MX", PaperSize.LETTER),
        ("es", PaperSize.A4),
    ],
)
def test_paper_follows_the_region(locale: str, sheet: PaperSize) -> None:
    assert pdf.default_paper_size(locale) is sheet


def test_reminders_are_ready_with_one_tap(
    open_page: OpenPage, known: Store, download: Download, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "zone", lambda: ZoneInfo("Europe/Berlin"))
    app = open_page("reminders")
    assert "by the clock of Europe/Berlin" in texts(app)
    assert "Google Calendar leaves the alarms of a file out" in texts(app)
    events = vobject.readOne(download(app, "hw-save-reminders").decode()).vevent_list
    starts = [event.dtstart.value.timetz().replace(tzinfo=None) for event in events]
    assert starts == [time(7, 30), time(21, 30)]
    assert {event.summary.value for event in events} == {"Holdwell"}
    # Twelve weeks after the due date of 13 March 2027.
    assert app.date_input("hw-until").value == date(2027, 6, 5)
    rings = list(events[0].getrruleset(addRDate=True))
    assert (rings[0].date(), rings[-1].date()) == (TODAY, date(2027, 6, 5))


def test_reminders_say_what_is_missing(
    open_page: OpenPage, known: Store, now: Moment, download: Download
) -> None:
    known.save_pregnancy(replace(known.pregnancy() or Pregnancy(), ended=True), now)
    app = open_page("reminders")
    # AppTest's clock has no named time zone, so the page asks for one.
    assert app.date_input("hw-until").value == TODAY + timedelta(weeks=12)
    app.selectbox("hw-zone").set_value("Asia/Kolkata").run()
    app.toggle("hw-on-morning").set_value(False).run()
    app.text_input("hw-words").set_value("Tea time").run()
    (event,) = vobject.readOne(download(app, "hw-save-reminders").decode()).vevent_list
    assert event.summary.value == "Tea time"
    app.toggle("hw-on-bedtime").set_value(False).run()
    assert "Turn on at least one of the two." in texts(app)
    app.toggle("hw-on-bedtime").set_value(True).run()
    app.date_input("hw-until").set_value(TODAY - timedelta(1)).run()
    assert "The last day is in the past." in texts(app)
    app.date_input("hw-until").set_value(TODAY + timedelta(800)).run()
    assert "more than two years away" in texts(app)
    assert not app.exception


def test_the_report_and_the_reminders_are_linked(open_page: OpenPage, filled: Store) -> None:
    app = open_page("settings")
    app.button("hw-report").click().run()
    assert "Report for your midwife or doctor" in texts(app)
    for page in ("settings", "report"):
        app = open_page(page)
        app.button("hw-reminders").click().run()
        assert "A file that you open with the calendar" in texts(app)
    app = open_page("progress")
    app.button("hw-report").click().run()
    assert "One page with your numbers" in texts(app)


def test_a_note_of_a_session_without_a_time_has_only_its_day(
    open_page: OpenPage, known: Store, make_session: MakeSession, now: Moment
) -> None:
    session = replace(make_session(TODAY - timedelta(3), 12), time_known=False, note="numb leg")
    known.save_all([session, replace(make_session(TODAY, 12), note="well")], now)
    app = open_page("report")
    boxes = [box.label for box in app.checkbox if box.key and "hw-note-" in box.key]
    assert boxes == ["Tue, 24 Nov 2026, 12\\:00\\: well", "Sat, 21 Nov 2026\\: numb leg"]
    app.checkbox("hw-notes-all").check().run()
    assert "Sat, 21 Nov 2026: numb leg" in texts(app).splitlines()
