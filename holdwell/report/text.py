"""What the report says, in the reader's language: the PDF and the text on the page share it."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from holdwell.charts import week_label
from holdwell.domain.dates import GestationalAge, StageKind
from holdwell.domain.models import DueDate, DueDateSource, PainPlace, PainSide
from holdwell.domain.week_axis import WeekAxis
from holdwell.i18n.formats import date_text, listed_text, moment_text, number_text, signed_text
from holdwell.i18n.messages import counted, say
from holdwell.report.signs import Sign
from holdwell.report.summary import Note, Report, Spread
from holdwell.stats import trend_line
from holdwell.stats.frames import ChangeSummary

SIGNS_AT_MOST = 4
NOTE_ROOM, NOTE_LEAST = 1400, 160
"""Characters that all notes share, and what each one gets at least."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, its value, and what it rests on."""

    label: str
    value: str
    basis: str


def when(report: Report) -> str:
    """Say the range."""
    return say("report.range_text", first=date_text(report.first), last=date_text(report.last))


def where(report: Report) -> list[str]:
    """Say the weeks counted, the stage at the end, and the date it hangs on; empty where hidden."""
    if report.pregnancy is None:
        return []
    lines = []
    begin = max(report.since or report.first, report.axis.origin)
    if report.axis.by_stage and begin <= report.last:
        lines.append(_weeks(report.axis, begin, report.last))
    if report.stage.kind is StageKind.PREGNANT and report.stage.age is not None:
        age = say("stage.age", weeks=report.stage.age.weeks, days=report.stage.age.days)
        lines.append(say("report.age", age=age, day=date_text(report.last)))
    if report.pregnancy.birth_date is not None:
        lines.append(say("report.birth", day=date_text(report.pregnancy.birth_date)))
    elif report.pregnancy.due_date is not None:
        line = _due_date(report.pregnancy.due_date, report.due)
        if report.earlier_due is not None:
            earlier = date_text(report.earlier_due)
            line = say("report.due_corrected", due=line, earlier=earlier)
        lines.append(line)
    return lines


def _due_date(due_date: date, given: DueDate | None) -> str:
    """Say the due date, and what it was given from where the user said so."""
    line = say("report.due", day=date_text(due_date))
    if given is None or given.source_day is None:
        return line
    day = date_text(given.source_day)
    if given.source is DueDateSource.SCAN and given.source_days is not None:
        age = GestationalAge(given.source_days)
        age_text = say("stage.age", weeks=age.weeks, days=age.days)
        return say("report.due_scan", due=line, age=age_text, day=day)
    if given.source in _DATED_SOURCES:
        return say(f"report.due_{given.source}", due=line, day=day)
    return line


_DATED_SOURCES = (DueDateSource.LAST_PERIOD, DueDateSource.TRANSFER, DueDateSource.CONCEPTION)


def _weeks(axis: WeekAxis, begin: date, end: date) -> str:
    first, last = axis.index(begin), axis.index(end)
    cut = axis.birth_index
    if first == last:
        label = week_label(axis, first)
        return label[:1].upper() + label[1:]
    if cut is not None and first > cut:
        return say("report.weeks_after", first=first - cut - 1, last=last - cut - 1)
    if axis.knows_pregnancy and (cut is None or last <= cut):
        return say("report.weeks_pregnant", first=first, last=last)
    one, two = week_label(axis, first), week_label(axis, last)
    return say("report.weeks_both", first=one[:1].upper() + one[1:], last=two)


def since(report: Report) -> str:
    """Say from when it was counted where that is later than the range, and what was paused."""
    lines = []
    if report.since is not None and report.since != report.first:
        lines.append(say("report.since", day=date_text(report.since)))
    return " ".join([*lines, *paused(report.pauses)])


def paused(pauses: Sequence[tuple[date, date]]) -> list[str]:
    """Name the paused spans of days; nothing without one."""
    spans = [
        date_text(first)
        if first == last
        else say("report.range_text", first=date_text(first), last=date_text(last))
        for first, last in pauses
    ]
    return [say("report.paused", spans=listed_text(spans))] if spans else []


def rows(report: Report) -> list[Row]:
    """Return the table, top to bottom."""
    found = [_sessions(report)]
    if report.consistency.goals and report.since:
        *earlier, last = report.consistency.goals
        goals = " → ".join([*map(number_text, earlier), counted("sessions", last)])
        judged = number_text(report.consistency.goal_weeks)
        found.append(
            Row(
                say("report.goal", goal=goals),
                say("report.of", part=report.consistency.goal_met, whole=judged),
                say("report.goal_basis"),
            )
        )
    found.append(_pain(say("report.before"), report.before, report.sessions))
    found.append(_pain(say("report.after"), report.after, report.sessions))
    found.append(_change(report))
    found.append(_trend(report))
    said, whole = told_places(report)
    if said:
        found.append(
            Row(
                say("report.places"),
                say("report.of", part=number_text(said), whole=number_text(whole)),
                say("report.places_basis", places=places(report)),
            )
        )
    found.append(_cramps(report))
    return found


def row_line(row: Row) -> str:
    """Say a line of the table as a sentence."""
    return say("report.row", label=row.label, value=row.value, basis=row.basis)


def _full(report: Report) -> str:
    return number_text(report.consistency.full_weeks)


def _sessions(report: Report) -> Row:
    basis = []
    per_week = report.consistency.per_full_week
    if report.since is not None:
        days = counted("days", report.total_days)
        basis.append(say("report.days", days=number_text(report.days), total=days))
    if report.since is not None and per_week is not None:
        average = number_text(per_week, most=1)
        basis.append(say("report.per_week", average=average, weeks=_full(report)))
    value = number_text(report.sessions)
    return Row(say("report.sessions"), value, "; ".join(basis) or say("report.none"))


def _quartiles(found: Spread | ChangeSummary, written: Callable[[float], str]) -> str:
    """Say a median with its quartiles, each number as `written`."""
    low, high = written(found.low), written(found.high)
    return say("report.spread", median=written(found.median), low=low, high=high)


def _pain(label: str, spread: Spread | None, sessions: int) -> Row:
    if spread is None:
        return Row(label, say("report.no_value"), say("report.no_score"))
    value = _quartiles(spread, number_text)
    whole = counted("sessions", sessions)
    return Row(label, value, say("report.rated", scores=number_text(spread.scores), whole=whole))


def _change(report: Report) -> Row:
    change, label = report.change, say("report.change")
    if change is None:
        return Row(label, say("report.no_value"), say("report.no_pair"))
    value = _quartiles(change, signed_text)
    basis = say(
        "report.change_basis",
        sessions=counted("sessions", change.sessions),
        fell=number_text(change.fell),
        rose=number_text(change.rose),
        little=number_text(change.little),
    )
    return Row(label, value, basis)


def _trend(report: Report) -> Row:
    label, gap = say("report.trend"), counted("days", trend_line.LONGEST_GAP_DAYS)
    if report.too_long_for_trend:
        return Row(
            label,
            say("report.no_value"),
            say("report.trend_long", weeks=counted("weeks", trend_line.LONGEST_DAYS // 7)),
        )
    if not report.levels:
        least = counted("days", trend_line.LEAST_DAYS)
        return Row(label, say("report.no_value"), say("report.trend_none", days=least, gap=gap))
    first, last = report.levels[0], report.levels[-1]
    value = say(
        "report.trend_value",
        first=number_text(first.level, places=1),
        last=number_text(last.level, places=1),
    )
    basis = say(
        "report.trend_basis",
        first_day=date_text(first.day),
        first_low=number_text(first.low, places=1),
        first_high=number_text(first.high, places=1),
        last_day=date_text(last.day),
        last_low=number_text(last.low, places=1),
        last_high=number_text(last.high, places=1),
    )
    if first.span != last.span:
        basis = say("report.trend_gap", basis=basis, gap=gap)
    counted_scores = [row for row in report.day_scores if not row.left_out]
    if alone := sum(row.alone for row in counted_scores):
        total = counted("scores", sum(row.count for row in counted_scores))
        basis = say("report.trend_scores", basis=basis, scores=total, count=alone)
    if left_out := {row.day for row in report.day_scores if row.left_out}:
        basis = say("report.trend_left_out", basis=basis, count=len(left_out))
    return Row(label, value, basis)


def told_places(report: Report) -> tuple[int, int]:
    """Return how many scores say where it hurts, and how many scores there are."""
    whole = sum(row.count for row in report.places)
    return sum(row.count for row in report.places if row.places or row.side), whole


def places(report: Report) -> str:
    """Say how many scores name each place, then each side; one score may name several places."""
    counts: Counter[str] = Counter()
    for row in report.places:
        named = [say(f"pain.place_{place.value}") for place in row.places]
        for name in [*named, *([say(f"pain.side_{row.side.value}")] if row.side else [])]:
            counts[name] += row.count
    order = [say(f"pain.place_{place.value}") for place in PainPlace]
    order += [say(f"pain.side_{side.value}") for side in PainSide]
    return ", ".join(f"{name} {number_text(counts[name])}" for name in order if counts[name])


def _cramps(report: Report) -> Row:
    cramps, label = report.cramps, say("report.cramps")
    if not cramps.answered:
        return Row(label, say("report.no_value"), say("report.cramps_none"))
    value = say("report.of", part=number_text(cramps.cramps), whole=number_text(cramps.answered))
    basis = say(
        "report.cramps_basis",
        answered=number_text(cramps.answered),
        count=report.nights,
        left=number_text(cramps.left),
        right=number_text(cramps.right),
        both=number_text(cramps.both),
    )
    return Row(label, value, basis)


def signs(report: Report) -> list[str]:
    """Say which stop signs came up, gravest first, and how many more; or that none did."""
    if not report.asked:
        return [say("report.signs_not_asked")]
    if not report.signs:
        return [say("report.signs_none", count=counted("answers", report.asked))]
    lines = [_sign(sign) for sign in report.signs[:SIGNS_AT_MOST]]
    more = len(report.signs) - SIGNS_AT_MOST
    if more > 0:
        lines.append(say("report.signs_more", count=more))
    return lines


def _sign(sign: Sign) -> str:
    times = counted("times", sign.count)
    last = date_text(sign.last)
    # A label of content/ may end with a full stop; it stands inside a sentence here.
    label = plain_line(sign.label).rstrip(".")
    if sign.verdict is None:
        label = label or say("report.sign_unknown")
        return say("report.sign", label=label, times=times, last=last)
    label = label or say("report.sign_unnamed")
    verdict = say(f"report.verdict_{sign.verdict.value}")
    return say("report.sign_verdict", label=label, times=times, last=last, verdict=verdict)


def note_lines(report: Report, room: int = NOTE_ROOM) -> list[tuple[str, str]]:
    """Return each note as its moment and its text, cut with the count of what was left out.

    `room` is in characters, for all notes together.
    """
    each = max(NOTE_LEAST, room // max(1, len(report.notes)))
    return [(moment_text(note.started.local), _cut(note, each)) for note in report.notes]


def _cut(note: Note, room: int) -> str:
    text = plain_line(note.text)
    if len(text) <= room:
        return text
    kept = text[:room].rstrip()
    # Not inside a letter that is made of several characters.
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return say("report.note_cut", text=kept, count=len(text) - len(kept))


def notes_left(report: Report) -> list[str]:
    """Say, for each number of notes that the page may have room for, how many are left out."""
    found = []
    for shown in range(len(report.notes) + 1):
        left = report.notes_chosen - shown
        found.append(say("report.notes_left", notes=counted("notes", left)) if left else "")
    return found


def plain_line(text: str) -> str:
    """Return a text as one line: white space and control characters become single spaces.

    What is left is data for the page, whatever script it is in.
    """
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def method() -> list[str]:
    """Say how it was measured, and what it cannot show."""
    return [say("report.method"), say("report.limits")]


def lines(report: Report) -> list[str]:
    """Return the whole report as text, for a reader who does not see the picture of it."""
    found = [when(report), *where(report), since(report)]
    found += [row_line(row) for row in rows(report)]
    found += [say("report.signs_title"), *signs(report)]
    if report.notes:
        found.append(say("report.notes_title"))
        found += [f"{at}: {text}" for at, text in note_lines(report)]
    return [line for line in (*found, *method()) if line]
