"""The report on one page: typeset by Typst on this machine, as a PDF or as a picture of it.

The PDF is tagged and checked against PDF/UA-1. Text stays text, and charts stay vectors.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import typst

from holdwell.charts.base import AnyChart
from holdwell.domain.models import Moment
from holdwell.i18n.formats import date_text, one_line
from holdwell.i18n.messages import counted, language, say
from holdwell.report import figures, text
from holdwell.report.fonts import STAND_IN, fonts, legible
from holdwell.report.summary import Report

NAME_MAX = 80
PREVIEW_PPI = 120.0
# Not before an accent, nor before what joins letters or emoji.
_LONG_WORD = re.compile(r"\S{40}\S*?(?=[\w!-~‐-…])")
_PAGE = Path(__file__).parent / "page.typ"


class PaperSize(StrEnum):
    """Paper sizes, by their names in Typst."""

    A4 = "a4"
    LETTER = "us-letter"


_LETTER_TERRITORIES = frozenset(
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)
"""Territories that print on US Letter. Source: Unicode CLDR, supplemental data, paperSize."""


def default_paper_size(locale: str) -> PaperSize:
    """Return the paper size of a locale such as en_US; A4 where it names no territory."""
    return PaperSize.LETTER if locale.rpartition("_")[2] in _LETTER_TERRITORIES else PaperSize.A4


@dataclass(frozen=True, slots=True)
class _Density:
    """The size of the type (share of 9 pt) and the heights of the charts (in points)."""

    scale: float
    wide: int
    half: int


_ROOMY, _USUAL = _Density(1.0, 185, 150), _Density(1.0, 140, 112)
_NOTE_ROOMS = (text.NOTE_ROOM, 700, 300, text.NOTE_LEAST)
_TIGHT, _TIGHTEST = _Density(0.95, 112, 92), _Density(0.86, 84, 76)


@dataclass(frozen=True, slots=True)
class TypesetReport:
    """The typeset page. `notes` is the number of notes that fit on it."""

    compiler: typst.Compiler
    made: Moment
    notes: int

    def pdf(self) -> bytes:
        """Return the page as a PDF."""
        at = self.made.local.replace(microsecond=0)
        try:
            return _bytes(self.compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=at))
        except typst.TypstError:
            # Each letter has a font, but no font has them together. The PDF is tagged, not checked.
            return _bytes(self.compiler.compile(format="pdf", timestamp=at))

    def picture(self) -> bytes:
        """Return the page as a PNG of 120 pixels an inch."""
        return _bytes(self.compiler.compile(format="png", ppi=PREVIEW_PPI))


def _bytes(made: object) -> bytes:
    # If there is more than one page, Typst returns a list.
    if not isinstance(made, bytes):
        raise TypeError("the report is one page")
    return made


def typeset(report: Report, name: str, paper: PaperSize, made: Moment) -> TypesetReport:
    """Typeset the page in the roomiest density with all notes, or else with the notes that fit.

    Without a `name` there is a line to write it on. Notes are cut shorter if there is little room.
    """
    charts = figures.pain(report), figures.change(report), figures.cramps(report)

    def compiler(words: dict[str, Any], density: _Density, draw: figures.Draw) -> typst.Compiler:
        data = json.dumps(words | _drawn(report, charts, density, draw), ensure_ascii=False)
        return typst.Compiler(str(_PAGE), font_paths=fonts(), sys_inputs={"data": data})

    for room in _NOTE_ROOMS if report.notes else _NOTE_ROOMS[:1]:
        words = _words(report, name, paper, made, room)
        for density, whole in ((_ROOMY, True), (_USUAL, True), (_USUAL, False), (_TIGHT, False)):
            trial = compiler(words, density, figures.blank)
            if _asked(trial, "pages") != 1:
                continue
            fitting = _asked(trial, "notes") if report.notes else {"fits": True, "shown": 0}
            if fitting["fits"] and fitting["shown"] >= (
                report.notes_chosen if whole else min(1, report.notes_chosen)
            ):
                return TypesetReport(compiler(words, density, figures.svg), made, fitting["shown"])
    last = compiler(words, _TIGHTEST, figures.svg)
    return TypesetReport(last, made, _asked(last, "notes")["shown"] if report.notes else 0)


def _asked(compiler: typst.Compiler, label: str) -> Any:
    return json.loads(compiler.query(f"<{label}>", field="value", one=True))


def _words(report: Report, name: str, paper: PaperSize, made: Moment, room: int) -> dict[str, Any]:
    labels = ("label_name", "label_time", "label_weeks", "signs_title", "notes_title")
    words: dict[str, Any] = {label: say(f"report.{label}") for label in labels} | {
        "paper": paper.value,
        "lang": language().code,
        "title": say("report.paper_title"),
        "from": say("report.paper_from", day=date_text(made.local.date())),
        "name": _printable(one_line(name)[:NAME_MAX]),
        "time": text.range_text(report),
        "since": text.since(report),
        "weeks": text.stage_lines(report),
        "columns": [say(f"report.col_{column}") for column in ("measure", "value", "basis")],
        "rows": [row._asdict() for row in text.rows(report).values()],
        "signs": [_printable(line) for line in text.signs(report)],
        "notes": [
            {"at": at, "text": _printable(note)} for at, note in text.note_lines(report, room)
        ],
        "notes_left": text.notes_left(report),
        "method": text.method(),
        "no_letter_text": say("report.no_letter"),
    }
    texts = [words["name"], *words["signs"], *(note["text"] for note in words["notes"])]
    return words | {"no_letter": any(STAND_IN in line for line in texts)}


def _printable(words: str) -> str:
    """Return a text in letters that can be drawn, with places where a very long word may break."""
    return _LONG_WORD.sub("\\g<0>\u200b", legible(words))


def _drawn(
    report: Report, charts: Sequence[AnyChart | None], density: _Density, draw: figures.Draw
) -> dict[str, Any]:
    """Return the charts of pain, change and cramps, drawn by `draw`, with their words."""
    pain, change, cramps = charts
    rows = text.rows(report)
    is_long = report.too_long_for_trend
    each = counted("weeks", figures.weeks_each(report))
    empty = too_long = say("report.figure_empty")
    if is_long:
        too_long = say("report.trend_long_figure", **text.trend_limits())

    def figure(
        name: str, chart: AnyChart | None, *about: str, missing: str = empty, note: str = ""
    ) -> dict[str, str]:
        size = (figures.WIDE, density.wide) if chart is pain else (figures.HALF, density.half)
        return {
            "title": say(f"report.figure_{name}"),
            "svg": "" if chart is None else draw(chart, *size),
            "note": say(f"report.figure_{note or name}_note", weeks=each),
            "alt": " ".join(text.row_line(rows[measure]) for measure in about),
            "empty": missing,
        }

    usual, note = ("trend", "") if report.levels else ("figure_trend", "no_trend")
    trend = ("weeks", usual, "before", "after") if is_long else ("trend", usual)
    return {
        "scale": density.scale,
        "wide": figure(trend[0], pain, *trend[1:], note="" if is_long else note),
        "pair": [
            figure("change", change, "change"),
            figure("cramps", cramps, "cramps", missing=too_long),
        ],
    }
