"""The charts: valid for short and long histories, with the words and marks that they must have."""

import re
from datetime import date, timedelta

import pytest

from holdwell.charts.base import DARK, LIGHT, Palette, View, to_vega_lite
from holdwell.charts.day_heatmap import day_heatmap
from holdwell.charts.labels import week_label
from holdwell.charts.pain import pain_by_group, pain_by_week, pain_change, pain_trend
from holdwell.charts.svg_export import drawer, to_svg
from holdwell.charts.weekly import cramp_nights, sessions_by_week
from holdwell.domain.dated import Goal, GoalHistory
from holdwell.domain.models import Pregnancy
from holdwell.domain.week_axis import WeekAxis, calendar_axis, stage_axis
from holdwell.i18n.languages import Language, content_folder, languages
from holdwell.i18n.messages import speaking
from holdwell.stats import frames, queries, trend_line

MONDAY = date(2026, 11, 23)
BIRTH = date(2026, 9, 1)
GOALS = GoalHistory([Goal(MONDAY, 10)])
PREGNANCY = Pregnancy(due_date=date(2026, 9, 4), birth_date=BIRTH)


def known_axis() -> WeekAxis:
    axis = stage_axis(PREGNANCY)
    assert axis is not None
    return axis


def test_week_labels_around_the_birth() -> None:
    axis = known_axis()
    days = (BIRTH - timedelta(1), BIRTH, BIRTH + timedelta(7))
    labels = [week_label(axis, axis.index(day)) for day in days]
    assert labels == ["week 39 of pregnancy", "week 0 after birth", "week 1 after birth"]


def test_weeks_before_a_pregnancy_are_labelled_so() -> None:
    """They occur if a scan moves the due date to a later day."""
    for pregnancy, label in (
        (Pregnancy(due_date=date(2026, 9, 4)), "11 weeks before pregnancy"),
        (Pregnancy(birth_date=BIRTH), "11 weeks before birth"),
    ):
        axis = stage_axis(pregnancy)
        assert axis is not None
        assert week_label(axis, -11) == label
        assert week_label(axis, -1) == label.replace("11 weeks", "1 week")
        first = axis.first_day(-11)
        view = View(axis, first, first + timedelta(90), LIGHT, pregnancy)
        frame = frames.weekly_sessions({}, axis, view.first, view.last)
        drawn = to_svg(sessions_by_week(frame, view))
        assert "11 before" in drawn
        assert "-11" not in drawn


def test_a_tooltip_has_the_numbers_of_the_table_and_no_other_is_read_aloud() -> None:
    axis = calendar_axis()
    rows = [queries.ScoreCount(axis.index(MONDAY), False, score, 1) for score in (1, 2, 3, 4)]
    weekly = frames.weekly_pain(rows, axis, MONDAY, MONDAY)
    spec = to_vega_lite(pain_by_week(weekly, view_of(axis, MONDAY)))
    drawn = drawer().draw(spec)
    assert "Week beginning: " not in drawn
    assert "axis titled" not in drawn, "Vega describes an axis in English"
    # Only a mark that is read aloud has its tooltip in the SVG.
    del spec["config"]["mark"]
    shown = "Middle score: 2.5; Middle half from: 1.75; Middle half to: 3.25; Scores: 4"
    assert shown in drawer().draw(spec)


@pytest.mark.parametrize(
    ("locale", "whole"), [("en_GB", "1,234,567"), ("es", "1.234.567"), ("en_IN", "12,34,567")]
)
def test_numbers_over_999_have_the_form_of_the_sentences(locale: str, whole: str) -> None:
    with speaking(Language(locale[:2], "", locale)):
        spec = to_vega_lite(pain_change({-1: 1234567, 0: 2}, view_of(calendar_axis(), MONDAY)))
        assert "1234567" not in re.sub("<defs>.*?</defs>", "", drawer().draw(spec))
        del spec["config"]["mark"]
        assert f": {whole}" in drawer().draw(spec)


def view_of(axis: WeekAxis, first: date, palette: Palette = LIGHT) -> View:
    return View(axis, first, MONDAY, palette, PREGNANCY)


@pytest.mark.parametrize("axis", [known_axis(), calendar_axis()])
@pytest.mark.parametrize("weeks", [0, 1, 42, 520])
def test_charts_are_valid_for_short_and_long_histories(axis: WeekAxis, weeks: int) -> None:
    """Altair checks a chart against the Vega-Lite schema when it is written out."""
    first, last = MONDAY - timedelta(weeks=weeks), MONDAY
    index = axis.index(last)
    counts = {index: 3}
    sessions = frames.weekly_sessions(counts, axis, first, last)
    judged = frames.weekly_sessions(counts, axis, first, last, history=GOALS)
    pain = frames.weekly_pain([queries.ScoreCount(index, False, 4, 2)], axis, first, last)
    cramps = frames.weekly_cramps({index: queries.CrampCount(1, 0, 1, 2)}, axis, first, last)
    start = max(first, last - timedelta(377))
    days = frames.daily_parts([queries.DayParts(last, 1, 1, 0)], start, last)
    scores = [queries.DayScore(last, 4, 2)]
    level = [trend_line.TrendDay(last, 4.0, 3.0, 5.0, 0)]
    view = view_of(axis, first, DARK if weeks == 42 else LIGHT)
    made = [
        sessions_by_week(judged, view),
        sessions_by_week(sessions, view),
        pain_by_week(pain, view),
        pain_trend(scores, level, view),
        pain_trend([], [], view),
        cramp_nights(cramps, view),
        day_heatmap(days, view),
    ]
    for chart in made:
        assert chart.to_dict()["height"] > 0


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_charts_without_an_axis_of_weeks_are_valid(palette: Palette) -> None:
    view = view_of(calendar_axis(), MONDAY, palette)
    group = [frames.PainGroup("morning", 9, 2.0, 3.0, 4.0, None)]
    for chart in (pain_change({-2: 3, 0: 1}, view), pain_by_group(group, ["Morning"], view)):
        assert chart.to_dict()["height"] > 0


def test_the_days_of_the_heatmap_are_those_of_the_users_week() -> None:
    """The name of each row, and the row of a session on a Monday."""
    for weekday, first, row in ((0, "Mon", 0), (6, "Sun", 1), (5, "Sat", 2)):
        days = frames.daily_parts([queries.DayParts(MONDAY, 1, 0, 0)], MONDAY, MONDAY, weekday)
        drawn = day_heatmap(days, view_of(calendar_axis(), MONDAY)).to_dict()
        assert f'["{first}", ' in str(drawn["layer"][0]["encoding"]["y"]["axis"]["labelExpr"])
        (mark,) = drawn["datasets"][drawn["layer"][1]["data"]["name"]]
        assert row < mark["y"] < mark["y2"] < row + 1


def test_paused_days_are_shaded_in_the_heatmap() -> None:
    first = MONDAY - timedelta(13)
    pauses = ((first + timedelta(1), first + timedelta(3)),)
    view = view_of(calendar_axis(), first)
    for paused in ((), pauses):
        days = frames.daily_parts([], first, MONDAY, 0, paused)
        drawn = day_heatmap(days, view).to_dict()
        shaded = [
            layer["data"]["name"]
            for layer in drawn["layer"]
            if isinstance(layer["mark"], dict) and layer["mark"].get("color") == LIGHT.soft
        ]
        assert [len(drawn["datasets"][name]) for name in shaded] == ([3] if paused else [])
        legend = drawn["layer"][-1]["encoding"]["color"]
        assert ("Paused" in legend["scale"]["domain"]) is bool(paused)
        # Four words in one line are cut off on a phone.
        assert legend["legend"].get("columns") == (2 if paused else None)


def test_the_birth_is_marked_only_where_it_is_in_view() -> None:
    axis = known_axis()

    def words(first: date) -> str:
        frame = frames.weekly_sessions({}, axis, first, MONDAY)
        return str(sessions_by_week(frame, view_of(axis, first)).to_json())

    assert '"Birth"' in words(BIRTH - timedelta(30))
    assert '"Birth"' not in words(BIRTH + timedelta(30))
    assert "3rd trimester" in words(BIRTH - timedelta(30))


def test_the_first_band_is_named_where_its_short_name_fits() -> None:
    pregnancy = Pregnancy(due_date=date(2027, 3, 13))
    axis = stage_axis(pregnancy)
    assert axis is not None
    first, last = axis.first_day(11), axis.first_day(36)
    view = View(axis, first, last, LIGHT, pregnancy)
    drawn = to_svg(pain_trend([], [], view))
    assert ">1st<" in drawn
    assert ">2nd trimester<" in drawn


def test_equal_medians_before_and_after_do_not_hide_each_other() -> None:
    view = View(calendar_axis(), MONDAY, MONDAY, LIGHT)
    group = frames.PainGroup("bedtime", 20, low=3, before=4, high=5, after=4)
    layers = pain_by_group([group], ["Bedtime"], view).to_dict()["layer"]
    offsets = [one["mark"]["yOffset"] for one in layers if one["mark"]["type"] == "point"]
    assert len(set(offsets)) == 2


@pytest.mark.parametrize("most", [1, 2, 3, 4, 9, 30])
def test_no_number_stands_twice_on_an_axis_of_sessions(most: int) -> None:
    """With one session, 0.5 was labelled as 1, too."""
    axis = calendar_axis()
    view = View(axis, MONDAY - timedelta(weeks=9), MONDAY, LIGHT)
    frame = frames.weekly_sessions({axis.index(MONDAY): most}, axis, view.first, view.last)
    for chart in (pain_change({-1: most}, view), sessions_by_week(frame, view)):
        texts = re.findall(r">([^<>]*)</text>", to_svg(chart))
        drawn = texts[: texts.index("Sessions")]
        start = len(drawn) - 1 - drawn[::-1].index("0")
        numbers = [int(text) for text in drawn[start:]]
        assert numbers == sorted(set(numbers)) and len(numbers) > 1, drawn


def test_a_picture_is_drawn_without_a_browser() -> None:
    axis = calendar_axis()
    frame = frames.weekly_sessions({axis.index(MONDAY): 3}, axis, MONDAY, MONDAY, history=GOALS)
    drawn = to_svg(sessions_by_week(frame, view_of(axis, MONDAY)))
    assert drawn.startswith("<svg")
    assert "Sessions (dashed: goal 10)" in drawn


def test_the_goal_is_a_step_line_and_pauses_are_shaded() -> None:
    axis = calendar_axis()
    first = MONDAY - timedelta(70)
    # None in the first two weeks.
    history = GoalHistory([Goal(first + timedelta(14), 7), Goal(MONDAY - timedelta(21), 14)])
    frame = frames.weekly_sessions({}, axis, first, MONDAY, history=history)
    paused = ((MONDAY - timedelta(40), MONDAY - timedelta(30)),)
    view = View(axis, first, MONDAY, LIGHT, pauses=paused)
    spec = sessions_by_week(frame, view).to_dict()
    steps = [data for data in spec["datasets"].values() if data and "goal" in data[0]]
    index = axis.index(first)
    assert steps == [
        [
            {"x": index + 2, "x2": index + 7, "goal": 7},
            {"x": index + 7, "x2": index + 11, "goal": 14},
        ]
    ]
    assert "Sessions (dashed: your goal)" in str(spec)
    # Shaded and named, and named inside where there is room.
    named = [layer for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    words = [row["word"] for layer in named for row in spec["datasets"][layer["data"]["name"]]]
    assert "Paused" in words


def test_scores_of_days_left_out_are_hollow() -> None:
    axis = calendar_axis()
    scores = [queries.DayScore(MONDAY, 4, 1), queries.DayScore(MONDAY, 9, 1, left_out=True)]
    spec = pain_trend(scores, [], view_of(axis, MONDAY)).to_dict()
    filled = [
        layer["mark"]["filled"] for layer in spec["layer"] if layer["mark"].get("shape") == "circle"
    ]
    assert filled == [True, False]


def test_a_few_single_scores_are_seen_and_many_do_not_hide_the_line() -> None:
    days = [MONDAY - timedelta(back) for back in range(90)]
    view = view_of(calendar_axis(), days[-1])
    opacities = []
    for shown in (days[:3], days):
        spec = pain_trend([queries.DayScore(day, 5, 1) for day in shown], [], view).to_dict()
        dots = [one["mark"] for one in spec["layer"] if one["mark"].get("shape") == "circle"]
        opacities.append(dots[0]["opacity"])
    assert opacities[0] > 0.7 and opacities[1] < 0.4


def test_a_week_that_is_not_full_is_paler() -> None:
    axis = calendar_axis()
    first = MONDAY - timedelta(14)
    counts = {axis.index(first) + week: 3 for week in range(3)}
    # Two whole weeks, and one of which one day is over.
    frame = frames.weekly_sessions(counts, axis, first, MONDAY)
    drawn = to_svg(sessions_by_week(frame, view_of(axis, first)))
    bars = re.findall(rf'<path [^>]*fill="{LIGHT.after}"[^>]*>', drawn)
    opacities = [float(re.findall(r' opacity="([^"]+)"', bar)[0]) for bar in bars]
    assert opacities == [1, 1, 0.55]


NARROWEST, LETTER, SYMBOL = 215, 8.3, 33
"""In pixels: the narrowest card, a letter of its legend, and a sign with the gaps around it."""


@pytest.mark.parametrize("language", languages(content_folder()), ids=lambda one: one.code)
def test_the_legend_of_cramps_fits_the_narrowest_card(language: Language) -> None:
    axis = calendar_axis()
    counts = {axis.index(MONDAY): queries.CrampCount(1, 1, 1, 3)}
    frame = frames.weekly_cramps(counts, axis, MONDAY, MONDAY)
    with speaking(language):
        colour = cramp_nights(frame, view_of(axis, MONDAY)).to_dict()["layer"][-1]["encoding"]
    words, columns = colour["color"]["scale"]["domain"], colour["color"]["legend"]["columns"]
    for row in range(0, len(words), columns):
        shown = words[row : row + columns]
        assert len("".join(shown)) * LETTER + len(shown) * SYMBOL <= NARROWEST
