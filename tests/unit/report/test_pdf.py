"""The page on paper, read back from the PDF: one page, text, tags, letters of many scripts."""

import ctypes
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdwell.domain.models import Moment, PainPlace, PainSide
from holdwell.guide.advice import Verdict
from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import speaking
from holdwell.report import figures, summary, text
from holdwell.report.fonts import STAND_IN, drawable, legible
from holdwell.report.pdf import NAME_MAX, PaperSize, TypesetReport, typeset
from holdwell.report.summary import Note, Report, Sign
from holdwell.stats.queries import PlaceCount
from holdwell.store.repository import Store
from tools import demo

NOW = datetime(2026, 11, 24, 12).astimezone()
MADE = Moment.of(NOW)
TODAY = NOW.date()
POINTS = {PaperSize.A4: (595, 842), PaperSize.LETTER: (612, 792)}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Twelve weeks of the example history, with its notes."""
    store = Store(demo.make(tmp_path_factory.mktemp("demo"), NOW))
    made = summary.read(store, TODAY - timedelta(83), TODAY, TODAY, None)
    store.close()
    return made


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Report:
    store = Store(tmp_path_factory.mktemp("empty") / "holdwell.db")
    made = summary.read(store, TODAY - timedelta(27), TODAY, TODAY, None)
    store.close()
    return made


@pytest.fixture(scope="module")
def ten_years(decade: Path) -> Report:
    store = Store(decade)
    made = summary.read(store, TODAY - timedelta(3652), TODAY, TODAY, None)
    store.close()
    return made


@pytest.fixture(scope="module")
def example_page(example: Report) -> TypesetReport:
    return typeset(example, "", PaperSize.A4, MADE)


@pytest.fixture(scope="module")
def example_pdf(example_page: TypesetReport) -> bytes:
    return example_page.pdf()


@pytest.fixture(scope="module")
def ten_years_pdf(ten_years: Report) -> bytes:
    return typeset(ten_years, "", PaperSize.A4, MADE).pdf()


def text_of(pdf: bytes) -> str:
    """The text of the one page, with its lines joined."""
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    found = document[0].get_textpage().get_text_range()
    return " ".join(found.replace("\ufffe", "").split())


@pytest.mark.parametrize("sheet", PaperSize)
@pytest.mark.parametrize("which", ["example", "nothing", "ten_years"])
def test_the_report_is_one_page_with_the_numbers_of_the_database(
    which: str, sheet: PaperSize, request: pytest.FixtureRequest
) -> None:
    made: Report = request.getfixturevalue(which)
    pdf = typeset(made, "Ana María", sheet, MADE).pdf()
    size = pypdfium2.PdfDocument(pdf)[0].get_size()
    assert tuple(round(side) for side in size) == POINTS[sheet]
    said = text_of(pdf)
    assert "Ana María" in said
    for row in text.rows(made).values():
        assert f"{row.label} {row.value} {row.basis}" in said
    for line in (*text.signs(made), *text.stage_lines(made), *text.method()):
        assert " ".join(line.split()) in said


def test_the_words_below_a_chart_explain_what_is_drawn_and_no_more(
    example: Report, example_pdf: bytes
) -> None:
    assert "Shaded: its band" in text_of(example_pdf)
    said = text_of(typeset(replace(example, levels=()), "", PaperSize.A4, MADE).pdf())
    assert "Diamonds: weekly medians" in said
    assert "Line:" not in said and "Shaded" not in said


def test_every_note_that_does_not_fit_is_counted(ten_years: Report) -> None:
    sheet = typeset(ten_years, "", PaperSize.LETTER, MADE)
    said, shown = text_of(sheet.pdf()), sheet.notes
    assert 0 < shown < len(ten_years.notes)
    assert f"no room for {ten_years.notes_chosen - shown} notes more." in said
    assert text.note_lines(ten_years)[shown - 1][0] in said
    assert text.note_lines(ten_years)[shown][0] not in said


def test_the_longest_report_stays_on_one_page(example: Report) -> None:
    label = "A long answer that somebody wrote into the content folder in very many words"
    worst = replace(
        example,
        answers=tuple(Sign(f"{label} {n}", Verdict.CALL_NOW, 3, TODAY) for n in range(9)),
        places=tuple(PlaceCount(frozenset(PainPlace), side, 98765) for side in PainSide),
        notes=tuple(replace(example.notes[0], text="W" * 2000) for _ in range(40)),
        notes_chosen=5000,
    )
    for size in PaperSize:
        sheet = typeset(worst, "Name " * 40, size, MADE)
        said, shown = text_of(sheet.pdf()), sheet.notes
        assert "And 5 more kinds of answer." in said
        assert shown >= 1
        assert f"no room for {5000 - shown:,} notes more." in said
        assert text.method()[1] in said


def test_type_shrinks_no_more_without_notes_than_it_must(example: Report) -> None:
    """A page that is a little too full gets type of 95 %, which is easier to read than 86 %."""
    label = "A long answer that somebody wrote into the content folder in very many words"
    signs = tuple(Sign(f"{label} {n}", Verdict.CALL_NOW, 3, TODAY) for n in range(4))
    places = tuple(PlaceCount(frozenset(PainPlace), side, 98765) for side in PainSide)
    full = replace(example, answers=signs, places=places, notes=(), notes_chosen=0)
    sheet = typeset(full, "Name " * 40, PaperSize.LETTER, MADE)
    assert json.loads(json.loads(sheet.compiler.eval("sys.inputs.data")))["scale"] == 0.95


def test_years_are_drawn_as_medians_of_several_weeks(
    ten_years: Report, ten_years_pdf: bytes
) -> None:
    frame = figures.medians(ten_years, ten_years.week_scores)
    assert figures.weeks_each(ten_years) == 10
    assert len(frame) <= 2 * figures.MEDIANS_AT_MOST
    # Every score is in one of them.
    assert frame["scores"].sum() == sum(row.count for row in ten_years.week_scores)
    assert frame["median"].between(0, 10).all()
    assert "median of 10 weeks" in text_of(ten_years_pdf)


@pytest.mark.parametrize("days", [759, 766, 773, 2000])
def test_a_median_of_several_weeks_lies_in_their_middle(decade: Path, days: int) -> None:
    store = Store(decade)
    report = summary.read(store, TODAY - timedelta(days), TODAY, TODAY, None)
    store.close()
    begin, end = report.axis.index(report.first), report.axis.index(report.last)
    each = figures.weeks_each(report)
    groups = [range(week, min(week + each, end + 1)) for week in range(begin, end + 1, each)]
    middles = sorted({*figures.medians(report, report.week_scores)["index"]})
    assert middles == [(group[0] + group[-1]) / 2 for group in groups]


def test_it_is_tagged_and_says_that_it_keeps_to_pdf_ua(example_pdf: bytes) -> None:
    assert pypdfium2.PdfDocument(example_pdf).is_tagged()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in example_pdf
    assert re.search(rb"/Lang\s*\(en", example_pdf)
    title = pypdfium2.PdfDocument(example_pdf).get_metadata_dict()["Title"]
    assert title == "Back pain and leg cramps: home diary"


def figures_of(pdf: bytes) -> list[str]:
    """The text alternatives of the figures in the page's structure tree."""
    raw = pypdfium2.raw
    page = pypdfium2.PdfDocument(pdf)[0]
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    found: list[str] = []

    def text(ask: Callable[..., int], element: Any) -> str:
        size = ask(element, None, 0)
        buffer = ctypes.create_string_buffer(size)
        ask(element, buffer, size)
        return buffer.raw.decode("utf-16-le").rstrip("\0")

    def walk(element: Any) -> None:
        if text(raw.FPDF_StructElement_GetType, element) == "Figure":
            found.append(text(raw.FPDF_StructElement_GetAltText, element))
        for number in range(raw.FPDF_StructElement_CountChildren(element)):
            child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
            if child:
                walk(child)

    for number in range(raw.FPDF_StructTree_CountChildren(tree)):
        walk(raw.FPDF_StructTree_GetChildAtIndex(tree, number))
    raw.FPDF_StructTree_Close(tree)
    return found


def test_every_chart_has_its_numbers_as_text_alternative(
    example: Report, example_pdf: bytes
) -> None:
    said = {name: text.row_line(row) for name, row in text.rows(example).items()}
    assert figures_of(example_pdf) == [said["trend"], said["change"], said["cramps"]]


def test_the_chart_of_years_says_the_numbers_of_all_scores(
    ten_years: Report, ten_years_pdf: bytes
) -> None:
    said = {name: text.row_line(row) for name, row in text.rows(ten_years).items()}
    alternative, *_ = figures_of(ten_years_pdf)
    assert alternative == " ".join(said[name] for name in ("figure_trend", "before", "after"))


def test_charts_are_vectors_and_not_pixels(example_pdf: bytes) -> None:
    page = pypdfium2.PdfDocument(example_pdf)[0]
    kinds = {one.type for one in page.get_objects(max_depth=8)}
    assert pypdfium2.raw.FPDF_PAGEOBJ_PATH in kinds
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


def test_a_blank_takes_the_room_of_the_chart(example: Report, ten_years: Report) -> None:
    """The page is laid out with blanks, and only then drawn."""
    for chart, size in (
        (figures.pain(example), (figures.WIDE, 185)),
        (figures.pain(ten_years), (figures.WIDE, 84)),
        (figures.change(example), (figures.HALF, 76)),
        (figures.cramps(example), (figures.HALF, 76)),
    ):
        assert chart is not None
        blank, drawn = (
            ElementTree.fromstring(draw(chart, *size)) for draw in (figures.blank, figures.svg)
        )
        for side in ("width", "height"):
            assert float(drawn.attrib[side]) == float(blank.attrib[side])


def test_the_legs_of_the_small_chart_are_named_within_it(example: Report) -> None:
    (spanish,) = [one for one in languages(content_folder()) if one.code == "es"]
    with speaking(spanish):
        chart = figures.cramps(example)
        assert chart is not None
        drawn = ElementTree.fromstring(figures.svg(chart, figures.HALF, 112))
    ends = {
        text: x + 0.55 * figures.FONT * len(text)
        for text, x in texts_of(drawn, 0)
        if text in ("Izquierda", "Derecha", "Ambas")
    }
    assert len(ends) == 3
    assert max(ends.values()) < figures.HALF


def texts_of(element: ElementTree.Element, x: float) -> Iterator[tuple[str, float]]:
    """Yield each text of an SVG with where it begins, in points from the left."""
    moved = re.match(r"translate\(([-\d.]+)", element.get("transform", ""))
    x += float(moved[1]) if moved else 0
    if element.text and element.text.strip():
        yield element.text, x
    for child in element:
        yield from texts_of(child, x)


def test_the_same_report_is_the_same_file(example: Report, example_pdf: bytes) -> None:
    assert typeset(example, "", PaperSize.A4, MADE).pdf() == example_pdf


def test_the_picture_is_of_the_same_page(example_page: TypesetReport) -> None:
    made = example_page.picture()
    assert made.startswith(b"\x89PNG")
    width, height = (int.from_bytes(made[n : n + 4]) for n in (16, 20))
    assert (width, height) == (round(595.28 / 72 * 120), round(841.89 / 72 * 120))


def noted(example: Report, text: str) -> Report:
    return replace(example, notes=(Note("n", TODAY, MADE, text),), notes_chosen=1)


MARKUP = '#strong[x] *b* _i_ $x^2$ @ref <tag> `code` \\ "q" // c /* d */ #read("/etc/passwd")'


def test_what_the_user_writes_is_never_markup(nothing: Report) -> None:
    said = text_of(typeset(noted(nothing, MARKUP), "*Ana* #1", PaperSize.A4, MADE).pdf())
    assert MARKUP in said
    assert "*Ana* #1" in said


@pytest.mark.parametrize("part", ["W", "=", "—", "e\u0301", "a.b_"])
def test_a_word_longer_than_a_line_stays_on_the_page(nothing: Report, part: str) -> None:
    made = typeset(noted(nothing, part * 400), (part * NAME_MAX)[:NAME_MAX], PaperSize.A4, MADE)
    letters = pypdfium2.PdfDocument(made.pdf())[0].get_textpage()
    assert letters.get_text_range().count(part[0]) >= 400
    right = max(letters.get_charbox(n)[2] for n in range(letters.count_chars()))
    assert right < POINTS[PaperSize.A4][0] - 20


@pytest.mark.parametrize("text", ["łóżko Ångström ñandú", "мама 腰", "ωμέγα", "Tiếng Việt"])
def test_letters_of_many_scripts_stay_text(nothing: Report, text: str) -> None:
    said = text_of(typeset(noted(nothing, text), "", PaperSize.A4, MADE).pdf())
    assert legible(text) in said
    assert ("that no font" in said) == (STAND_IN in legible(text))


def test_a_letter_without_a_font_is_shown_and_explained(nothing: Report) -> None:
    # An unassigned character: no font anywhere has it.
    odd = "pain \U000e1234\u0301 left"
    assert not drawable("\U000e1234")
    said = text_of(typeset(noted(nothing, odd), "", PaperSize.A4, MADE).pdf())
    assert f"pain {STAND_IN} left" in said
    assert "stands for a letter that no font on this computer has." in said


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), name=st.text(max_size=30))
def test_no_text_breaks_the_page(nothing: Report, text: str, name: str) -> None:
    pdf = typeset(noted(nothing, text), name, PaperSize.LETTER, MADE).pdf()
    assert len(pypdfium2.PdfDocument(pdf)) == 1
