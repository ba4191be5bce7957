"""The review of a week: three sentences, and charts of six weeks."""

from datetime import timedelta

from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from holdwell.domain.models import (
    Moment,
    PainEntry,
)
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, charts_of, texts
from tests.conftest import TODAY, MakeSession


def test_the_review_has_three_sentences_and_goes_back_in_time(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    assert "After your first session" in texts(open_page("review"))
    sessions = [make_session(TODAY - timedelta(back), 20, before=5) for back in (0, 1, 7, 8, 9)]
    known.save_all(sessions, now)
    app = open_page("review")
    text = texts(app)
    assert "You stretched 2 times this week and 2 times in the same days of last week." in text
    assert "Your middle pain score was 5 (2 scores) this week and 5 (2 scores) in" in text
    assert "No night of these weeks has an answer about cramps." in text
    app.button("hw-earlier").click().run()
    assert "once last week, in which you began on Sunday 15 November 2026." in texts(app)
    assert "Week of Mon, 16 Nov 2026" in texts(app)
    assert app.query_params["week"] == "2026-11-16"
    # Two charts with the same weeks: sessions above pain.
    assert charts_of(app) == 2
    # The weeks before the first session are not shown as weeks without a session.
    bars = convert_arrow_bytes_to_pandas_df(
        app.get("vega_lite_chart")[0].proto.datasets[0].data.data
    )
    assert [*zip(bars["sessions"], bars["full"], strict=True)] == [(1, False), (2, True)]


def test_the_review_of_a_user_who_logs_only_pain(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_all([PainEntry(TODAY, 4, now), PainEntry(TODAY - timedelta(1), 6, now)], now)
    app = open_page("review")
    text = texts(app)
    assert "No session up to this week." in text
    assert "Your middle pain score was 5 (2 scores) this week." in text
    assert "No session in these six weeks." in text
    assert charts_of(app) == 1
