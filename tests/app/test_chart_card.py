"""Charts keep their sizes with large text, and their numbers can be saved as a table."""

import json
from dataclasses import replace

from holdwell.domain.models import Moment
from holdwell.store.repository import Store
from tests.app.conftest import Download, OpenPage, go_to
from tests.conftest import TODAY, MakeSession


def test_the_charts_have_their_sizes_from_the_app_and_not_from_the_text_size_of_the_browser(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    """Streamlit doubles what is not given for a reader with text of double size."""
    known.save(make_session(TODAY, before=6, after=4), now)
    chart = open_page("progress").get("vega_lite_chart")[0]
    config = json.loads(chart.proto.spec)["config"]
    sized = {"labelFontSize", "labelPadding", "titleFontSize", "titlePadding"}
    assert sized <= config["axis"].keys()
    assert {"labelPadding", "padding"} <= config["legend"].keys()


def test_the_numbers_of_a_chart_open_in_a_spreadsheet_of_the_region(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession, download: Download
) -> None:
    """Like the files of an export: a byte order mark, and semicolons if decimals are like 1,5."""
    known.save_all([make_session(TODAY, before=score, after=1) for score in (2, 5)], now)

    def lines() -> list[str]:
        app = open_page("progress")
        app.query_params["show"] = "pain"
        app.session_state["more-pain"] = True
        go_to(app, "progress")
        return download(app, "csv-pain").decode().splitlines()

    header, _, before = lines()
    assert header == "\ufeffWeek,When,Middle score,Middle half from,Middle half to,Scores"
    assert before == "week 24 of pregnancy,Before,3.5,2.75,4.25,2"
    known.save_profile(replace(known.profile(), language="es"), now)
    header, _, before = lines()
    assert header.startswith("\ufeffSemana;Cuándo;Puntuación central;")
    assert before == "semana 24 de embarazo;Antes;3,5;2,75;4,25;2"
