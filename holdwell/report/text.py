"""The sentences of the report in the reader's language, for the PDF and for the page."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import NamedTuple

from holdwell.charts.labels import week_label
from holdwell.domain.dates import Days, StageKind
from holdwell.domain.models import DueDate, PainPlace, PainSide
from holdwell.domain.week_axis import WeekAxis
from holdwell.i18n import formats
from holdwell.i18n.messages import counted, say
from holdwell.report.pregnancy import due_date_text
from holdwell.report.summary import Note, Report, Sign
from holdwell.stats import frames, trend_line
from holdwell.stats.frames import ChangeSummary
from holdwell.stats.scores import LEAST_SCORES, Spread, spread
from holdwell.stats.trend_line import TrendDay

SIGNS_AT_MOST = 4
NOTE_ROOM, NOTE_LEAST = 1400, 160
"""In characters: the room for all notes together, and the least that each one gets."""


class ReportRow(NamedTuple):
    """One row of the table: what was measured, its value, and what it is based on."""

    label: str
    value: str
    basis: str


def range_text(report: Report) -> str:
    """Say from which day to which the report is."""
    return _days_text((report.first, report.last))


def _days_text(days: Days) -> str:
    """Write a range of days, or the day itself if it is a range of one."""
    first, last = map(formats.date_text, days)
    return first if first == last else say("report.range_text", first=first, last=last)


def stage_lines(report: Report) -> list[str]:
    """Say the weeks counted, the stage at the end, and the birth or due date; empty if hidden."""
    if report.pregnancy is None:
        return []
    lines = []
    begin = max(report.drawn_from, report.axis.origin)
    if report.axis.by_stage and begin <= report.last:
        lines.append(_weeks(report.axis, begin, report.last))
    if report.stage.kind is StageKind.PREGNANT and report.stage.age is not None:
        age = say("stage.age", weeks=report.stage.age.weeks, days=report.stage.age.days)
        lines.append(say("report.age", age=age, day=formats.date_text(report.last)))
    if report.pregnancy.birth_date is not None:
        lines.append(say("report.birth", day=formats.date_text(report.pregnancy.birth_date)))
    elif report.pregnancy.due_date is not None:
        due = report.due or DueDate(report.pregnancy.id, report.pregnancy.due_date)
        line = say("report.due", day=due_date_text(due, formats.date_text))
        if report.earlier_due is not None:
            earlier = formats.date_text(report.earlier_due)
            line = say("report.due_corrected", due=line, earlier=earlier)
        lines.append(line)
    return lines


def _weeks(axis: WeekAxis, begin: date, end: date) -> str:
    first, last, cut = axis.index(begin), axis.index(end), axis.birth_index
    first_text, last_text = _capitalised(week_label(axis, first)), week_label(axis, last)
    if first == last:
        return first_text
    if cut is not None and first > cut:
        return say("report.weeks_after", first=first - cut - 1, last=last - cut - 1)
    if axis.knows_pregnancy and (cut is None or last <= cut):
        return say("report.weeks_pregnant", first=first, last=last)
    return say("report.weeks_both", first=first_text, last=last_text)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def since(report: Report) -> str:
    """Say since when sessions are counted if not from the first day, and what was paused."""
    lines = paused(report.pauses)
    if report.since is not None and report.since != report.first:
        lines.insert(0, say("report.since", day=formats.date_text(report.since)))
    return " ".join(lines)


def paused(pauses: Sequence[Days]) -> list[str]:
    """Name the paused spans of days in a sentence; empty without any."""
    spans = formats.listed_text([_days_text(days) for days in pauses])
    return [say("report.paused", spans=spans)] if spans else []


def rows(report: Report) -> dict[str, ReportRow]:
    """Return the rows of the table in order, by the key of what each measures."""
    cells_by_name = {
        "sessions": _sessions(report),
        "goal": _goal(report),
        "before": _pain(report, after=False),
        "after": _pain(report, after=True),
        "change": _change(report),
        "trend" if report.levels else "figure_trend": _trend(report),
        "places": _places(report),
        "cramps": _cramps(report),
    }
    return {
        name: ReportRow(
            say(f"report.{name}", goal=_goals(report)), cells[0] or say("report.no_value"), cells[1]
        )
        for name, cells in cells_by_name.items()
        if cells is not None
    }


def row_line(row: ReportRow) -> str:
    """Say a row of the table in two sentences: the value, and what it is based on."""
    return say("report.row", label=row.label, value=row.value, basis=_capitalised(row.basis))


ValueAndBasis = tuple[str, str]
"""The value of a row ("" if there is none), and what it is based on."""


def _sessions(report: Report) -> ValueAndBasis:
    basis = []
    per_week = report.consistency.per_full_week
    if report.total_days:
        days = counted("days", report.total_days)
        basis.append(say("report.days", days=report.days, total=days))
        if report.paused_sessions:
            basis.append(say("report.days_and_paused", paused=report.paused_sessions))
    elif report.sessions:
        basis.append(say("report.days_paused"))
    if report.since is not None and per_week is not None:
        average, full = formats.number_text(per_week, most=1), report.consistency.full_weeks
        basis.append(say("report.per_week", average=average, weeks=full))
    return formats.number_text(report.sessions), "; ".join(basis) or say("report.none")


def _goals(report: Report) -> str:
    """Name the goals in order, the last one with its unit."""
    *earlier, last = report.consistency.goals or (0,)
    return " → ".join([*map(formats.number_text, earlier), counted("sessions", last)])


def _goal(report: Report) -> ValueAndBasis | None:
    if not (report.consistency.goals and report.since):
        return None
    numbers = report.consistency
    value = say("report.of", part=numbers.goal_met, whole=numbers.goal_weeks)
    return value, say("report.goal_basis")


def _median(
    middle: Spread | ChangeSummary, count: int, written: Callable[[float], str]
) -> ValueAndBasis:
    """Say a median with its quartiles, each number as `written`; with few scores it is alone."""
    median = written(middle.median)
    if count < LEAST_SCORES:
        return median, say("report.median")
    low, high = written(middle.low), written(middle.high)
    return say("report.spread", median=median, low=low, high=high), say("report.median_half")


def _no_score(report: Report) -> ValueAndBasis:
    return "", say("report.no_score_counts" if report.uncounted else "report.no_score")


def _pain(report: Report, *, after: bool) -> ValueAndBasis:
    scores = frames.spread_when(report.week_scores, after=after)
    if scores is None:
        return _no_score(report)
    value, what = _median(scores, scores.scores, formats.number_text)
    whole = counted("sessions", report.sessions)
    return value, say("report.rated", what=what, scores=scores.scores, whole=whole)


def _change(report: Report) -> ValueAndBasis:
    change = frames.change_summary(report.changes)
    if change is None:
        return "", say("report.no_pair")
    value, what = _median(change, change.sessions, formats.signed_text)
    counts = asdict(change) | {"sessions": counted("sessions", change.sessions)}
    return value, say("report.change_basis", what=what, **counts)


def _trend(report: Report) -> ValueAndBasis:
    """Say the level at both ends of the line, or the median of its scores if there is no line."""
    shown = trend_line.used(report.day_scores, report.levels)
    found = spread((row.score, row.count) for row in shown)
    if found is None:
        return ("", say("report.all_left_out")) if report.day_scores else _no_score(report)
    if report.levels:
        value, basis = _levels(report)
    else:
        value, what = _median(found, found.scores, formats.number_text)
        key = "report.trend_long" if report.too_long_for_trend else "report.trend_none"
        basis = say(key, what=what, **trend_limits())
    total, alone, left_out = trend_line.score_counts(report.day_scores, report.levels)
    if alone:
        scores = counted("scores", total)
        basis = say("report.trend_scores", basis=basis, scores=scores, count=alone)
    if left_out:
        basis = say("report.trend_left_out", basis=basis, count=left_out)
    return value, basis


def trend_limits() -> dict[str, str]:
    """Say how many days with a score a line needs, its longest gap, and how long it can be."""
    return {
        "days": counted("days", trend_line.LEAST_DAYS),
        "gap": counted("days", trend_line.LONGEST_GAP_DAYS),
        "weeks": counted("weeks", trend_line.LONGEST_DAYS // 7),
    }


def _levels(report: Report) -> ValueAndBasis:
    """Say the level and its band at both ends of the line."""
    ends = level_ends(report.levels, formats.date_text)
    basis = say("report.trend_basis", **ends)
    if gap := trend_line.gap(report.day_scores, report.levels):
        basis = say(f"report.trend_gap_{gap}", **trend_limits() | {"basis": basis})
    return say("report.trend_value", **ends), basis


def level_ends(levels: Sequence[TrendDay], day_text: Callable[[date], str]) -> dict[str, str]:
    """Return texts of the level, its band and the day at both ends of a trend line, by name."""
    texts = {}
    for end, day in (("first", levels[0]), ("last", levels[-1])):
        numbers = {"": day.level, "_low": day.low, "_high": day.high}
        texts[f"{end}_day"] = day_text(day.day)
        texts |= {f"{end}{name}": formats.number_text(n, places=1) for name, n in numbers.items()}
    return texts


def scores_with_place(report: Report) -> tuple[int, int]:
    """Return how many scores say where it hurts, and how many scores there are."""
    whole = sum(row.count for row in report.places)
    return sum(row.count for row in report.places if row.places or row.side), whole


def places(report: Report) -> str:
    """Say how many scores name each place, then each side; one score may name several places."""
    names = {place.value: say(f"pain.place_{place}") for place in PainPlace}
    names |= {side.value: say(f"pain.side_{side}") for side in PainSide}
    counts = {
        key: sum(row.count for row in report.places if key in (*row.places, row.side))
        for key in names
    }
    return ", ".join(f"{names[key]} {formats.number_text(n)}" for key, n in counts.items() if n)


def _places(report: Report) -> ValueAndBasis | None:
    located, whole = scores_with_place(report)
    value = say("report.of", part=located, whole=whole)
    return (value, say("report.places_basis", places=places(report))) if located else None


def _cramps(report: Report) -> ValueAndBasis:
    cramps = report.cramps
    if not cramps.answered:
        return "", say("report.cramps_none")
    basis = say("report.cramps_basis", **asdict(cramps), count=report.nights)
    return say("report.of", part=cramps.cramps, whole=cramps.answered), basis


def signs(report: Report) -> list[str]:
    """Say which stop signs came up, gravest first, and how many more, or that none did.

    Say nothing if there are only private ones, which the user did not choose to show.
    """
    if not report.asked:
        return [] if report.private else [say("report.signs_not_asked")]
    if not report.signs:
        return [say("report.signs_none", count=counted("answers", report.asked))]
    lines = [_sign(sign) for sign in report.signs[:SIGNS_AT_MOST]]
    more = len(report.signs) - SIGNS_AT_MOST
    if more > 0:
        lines.append(say("report.signs_more", count=more))
    return lines


def _sign(sign: Sign) -> str:
    times = counted("times", sign.count)
    last = formats.date_text(sign.last)
    # A label from content/ may end with a full stop, but here it is inside a sentence.
    label = formats.one_line(sign.label).rstrip(".")
    if sign.verdict is None:
        label = label or say("report.sign_unknown")
        return say("report.sign", label=label, times=times, last=last)
    label, verdict = label or say("report.sign_unnamed"), say(f"report.verdict_{sign.verdict}")
    return say("report.sign_verdict", label=label, times=times, last=last, verdict=verdict)


def note_lines(report: Report, room: int = NOTE_ROOM) -> list[tuple[str, str]]:
    """Return the time and the text of each note. A text that is cut says how much is left out.

    `room` is in characters, for all notes together.
    """
    each = max(NOTE_LEAST, room // max(1, len(report.notes)))
    return [(note_when(note), _cut(note, each)) for note in report.notes]


def note_when(note: Note) -> str:
    """Say when a note was written, or only its day if no time was given."""
    return formats.moment_text(note.at.local) if note.at else formats.day_text(note.day)


def _cut(note: Note, room: int) -> str:
    text = formats.one_line(note.text)
    if len(text) <= room:
        return text
    kept = text[:room].rstrip()
    # Do not cut within a letter that is made of several characters.
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return say("report.note_cut", text=kept, count=len(text) - len(kept))


def notes_left(report: Report) -> list[str]:
    """Say how many notes are left out, for each number of notes that may fit on the page."""
    fewest = report.notes_chosen - len(report.notes)
    return [
        say("report.notes_left", notes=counted("notes", left)) if left else ""
        for left in range(report.notes_chosen, fewest - 1, -1)
    ]


def method() -> list[str]:
    """Say how everything was measured, and what that cannot show."""
    return [say("report.method"), say("report.limits")]


def lines(report: Report) -> list[str]:
    """Return the whole report as text, for readers who cannot see its picture."""
    parts = [range_text(report), *stage_lines(report), since(report)]
    parts += [row_line(row) for row in rows(report).values()]
    if said := signs(report):
        parts += [say("report.signs_title"), *said]
    if report.notes:
        parts.append(say("report.notes_title"))
        parts += [f"{at}: {text}" for at, text in note_lines(report)]
    return [line for line in (*parts, *method()) if line]
