"""Two pregnancies in one database: no number of one depends on a row of the other."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdwell.cli.parser import main
from holdwell.domain.models import CheckInAnswer, CrampLeg, CrampNight, Moment, Pregnancy, Tracking
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.report import fhir, summary
from holdwell.report.summary import ReportRange
from holdwell.stats import frames, queries, weekly_review
from holdwell.stats.queries import Streaks
from holdwell.store.repository import Store
from tests.conftest import MakeSession
from tests.support.histories import delete_other_periods

TODAY = date(2026, 11, 24)
BORDER = date(2026, 11, 1)
BEFORE = Pregnancy(due_date=date(2026, 4, 1), birth_date=date(2026, 3, 28))
NOW = Pregnancy(due_date=BORDER + timedelta(280))
MARK = "unmistakable-4711"


@pytest.fixture
def both(store: Store, now: Moment, make_session: MakeSession) -> Iterator[Store]:
    """Three sessions of this pregnancy and 97 of the one before, up to the day before it."""
    store.save_pregnancy(BEFORE, now)
    store.save_pregnancy(NOW, now)
    own = [make_session(TODAY - timedelta(n), 12, before=2, after=1) for n in (0, 1, 23)]
    others = [
        replace(make_session(BORDER - timedelta(1 + n), 12, before=10, after=9), note=MARK)
        for n in range(97)
    ]
    nights = [CrampNight(BORDER - timedelta(1), CrampLeg.BOTH), CrampNight(BORDER, CrampLeg.LEFT)]
    store.save_all([*own, *others, *nights], now)
    store.save(CheckInAnswer(now, BORDER - timedelta(2), "bleeding"), now)
    yield store


def test_report_and_bundle_of_a_pregnancy_have_no_row_of_another(both: Store, now: Moment) -> None:
    before, current = both.pregnancy_periods()
    spans = [(BORDER - timedelta(60), BORDER - timedelta(1)), (TODAY - timedelta(83), TODAY)]
    for period, (first, last) in zip((before, current), spans, strict=True):
        copy = (
            summary.read(both, first, last, TODAY, None),
            fhir.text(fhir.bundle(both, first, last, now)),
        )
        assert copy[0] == summary.read(both, first, last, TODAY, None, period)
        assert copy[0].first >= period.bounds[0]
        assert copy[0].pregnancy == period.pregnancy
        assert (MARK in str(copy[0])) == (period == before)
    assert copy[0].sessions == 3 and copy[0].since == TODAY - timedelta(23)
    assert (copy[0].cramps.cramps, copy[0].asked) == (1, 0)
    spread_before = frames.spread_when(copy[0].week_scores, after=False)
    assert spread_before is not None and spread_before.high == 2
    delete_other_periods(both, current)
    assert copy == (
        summary.read(both, first, last, TODAY, None),
        fhir.text(fhir.bundle(both, first, last, now)),
    )


def test_the_bundle_has_the_dates_of_the_chosen_pregnancy(both: Store, now: Moment) -> None:
    before, current = both.pregnancy_periods()
    for period, due in ((before, "2026-04-01"), (current, NOW.due_date)):
        text = json.dumps(fhir.bundle(both, date(2026, 1, 1), TODAY, now, period))
        assert text.count('"valueDateTime"') == 1
        assert f'"valueDateTime": "{due}"' in text
    assert len(fhir.bundle(both, BORDER, TODAY, now, before)["entry"]) == 1
    with pytest.raises(ValueError, match="no day"):
        summary.read(both, BORDER, TODAY, TODAY, None, before)
    made = summary.read(both, date(2026, 1, 1), TODAY, TODAY, None, before)
    assert (made.first, made.last, made.sessions) == (date(2026, 1, 1), BORDER - timedelta(1), 97)
    assert made.pregnancy == BEFORE
    both.save_profile(replace(both.profile(), tracking=Tracking.PAUSED), now)
    made = summary.read(both, date(2026, 1, 1), TODAY, TODAY, None, before)
    assert (made.pregnancy, made.consistency.goals, made.sessions) == (None, (), 97)
    text = json.dumps(fhir.bundle(both, date(2026, 1, 1), TODAY, now, before))
    assert "valueDateTime" not in text


def test_the_ranges_of_a_period_that_is_over_lie_within_it(both: Store) -> None:
    before, current = both.pregnancy_periods()
    end = queries.latest_day(both, before, TODAY)
    assert end == BORDER - timedelta(1)
    found = summary.ranges(BEFORE, end, before, date(2026, 7, 27))
    assert found == {
        ReportRange.WHOLE: (date(2025, 6, 25), end),
        ReportRange.PREGNANCY: (date(2025, 6, 25), date(2026, 3, 27)),
        ReportRange.BIRTH: (date(2026, 3, 28), end),
    }
    assert queries.latest_day(both, current, TODAY) == TODAY
    entries = queries.entries_span(both, current)
    assert entries is not None
    # After a flight to the west the latest entry may be dated tomorrow.
    assert queries.latest_day(both, current, entries[1] - timedelta(1)) == entries[1]
    found = summary.ranges(NOW, TODAY, current, TODAY)
    assert found[ReportRange.WEEKS_12] == found[ReportRange.WEEKS_4] == (BORDER, TODAY)
    assert summary.ranges(None, end, before, None).keys() == {ReportRange.WHOLE}


def test_the_review_does_not_count_the_pregnancy_before(both: Store, now: Moment) -> None:
    before, current = both.pregnancy_periods()
    week = weekly_review.read(both, date(2026, 11, 3), BORDER, current)
    assert (week.this.sessions, week.last.sessions, week.before.has_days) == (0, 1, False)
    assert week.last_same_days is None, "Monday and Tuesday of that week were before"
    assert week.last.cramps == 1
    said = " ".join(weekly_review.sentences(week))
    assert "10" not in said and "same days" not in said and "in the four weeks" not in said
    week = weekly_review.read(both, BORDER - timedelta(1), date(2026, 7, 27), before)
    assert (week.this.sessions, week.last.sessions, week.before.sessions) == (6, 7, 28)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    st.lists(st.integers(-20, 20), max_size=20),
    st.none() | st.integers(-20, 20),
    st.none() | st.integers(0, 20),
)
def test_counts_within_days_are_those_of_a_filtered_list(
    tmp_path_factory: pytest.TempPathFactory,
    make_session: MakeSession,
    now: Moment,
    offsets: list[int],
    low: int | None,
    length: int | None,
) -> None:
    first = BORDER + timedelta(low) if low is not None else None
    last = (first or BORDER) + timedelta(length) if length is not None else None
    within = PregnancyPeriod(first, last, NOW, first)
    store = Store(Path(tmp_path_factory.mktemp("within")) / "holdwell.db")
    made = [make_session(BORDER + timedelta(n), 6 + i % 12) for i, n in enumerate(offsets)]
    store.save_all(made, now)
    for session in made[::3]:
        store.delete("session", session.id, now)
    gone = [s for s in made[::3] if within.has(s.local_day)]
    left = sorted(
        (s for i, s in enumerate(made) if i % 3 and within.has(s.local_day)),
        key=lambda s: s.started.iso,
        reverse=True,
    )
    days = sorted({s.local_day for s in left})
    assert store.session_count(within) == len(left)
    assert (
        store.session_count(within, deleted=True)
        == len(gone)
        == len(store.deleted_sessions(99, within))
    )
    found = store.sessions(limit=99, within=within)
    assert [s.started for s in found] == [s.started for s in left]
    assert {s.id for s in found} == {s.id for s in left}
    assert [s.started for s in store.sessions(limit=3, within=within)] == [
        s.started for s in left[:3]
    ]
    assert queries.first_session_day(store, within) == (days[0] if days else None)
    runs = [
        len(list(g))
        for _, g in itertools.groupby(enumerate(days), lambda p: p[1] - timedelta(p[0]))
    ]
    today = BORDER + timedelta(21)
    assert queries.streaks(store, today, within) == Streaks(
        runs[-1] if days and days[-1] >= today - timedelta(1) else 0, max(runs, default=0)
    )
    store.close()


def test_the_command_line_takes_the_pregnancy_of_the_last_day(
    both: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf, bundle = str(tmp_path / "out" / "r.pdf"), str(tmp_path / "out" / "b.json")
    (tmp_path / "out").mkdir()
    common = ["--data", str(both.path.parent), "--language", "en"]
    over = ["--from", "2026-10-20", "--to", "2026-11-10"]
    assert main(["fhir", bundle, *over, *common]) == 0
    assert "from 1 Nov 2026" in capsys.readouterr().err
    read = Path(bundle).read_text(encoding="utf-8")
    assert str(NOW.due_date) in read and "2026-10" not in read
    assert main(["report", pdf, *over, "--notes", *common]) == 0
    assert "from 1 Nov 2026" in capsys.readouterr().err
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert MARK not in page and "1 Nov 2026" in page
    inside = ["--from", "2026-10-20", "--to", "2026-10-31"]
    assert main(["report", pdf, *inside, "--notes", *common]) == 0
    assert "Cut to" not in capsys.readouterr().err
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert MARK in page
    for command in ("report", "fhir"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert "With several pregnancies" in " ".join(capsys.readouterr().out.split())


def test_a_list_of_one_pregnancy_is_read_by_an_index(both: Store) -> None:
    """Ten years cost what ten days do: no table is scanned, and no whole list sorted."""
    asked: list[str] = []
    both.db.conn.set_trace_callback(asked.append)
    for period in both.pregnancy_periods():
        both.sessions(limit=15, within=period)
        both.session_count(period)
        both.deleted_sessions(15, period)
        queries.first_session_day(both, period)
        queries.latest_day(both, period, TODAY)
        queries.streaks(both, TODAY, period)
    both.db.conn.set_trace_callback(None)
    about = [sql for sql in asked if "FROM session" in sql or "FROM cramp" in sql]
    assert len(about) > 10
    for sql in about:
        plan = [str(row[3]) for row in both.db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
        steps = [step for step in plan if " session" in step or " cramp" in step]
        assert steps and all("USING" in step and "INDEX" in step for step in steps), (sql, plan)
        if "SELECT * FROM session" in sql and "deleted_at IS NULL" in sql:
            assert any("session_by_day" in step for step in steps), plan
            assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan
