"""Settings: changes are saved at once; what paused tracking or an ended pregnancy hides."""

import base64
import re

from holdwell.domain.models import (
    Cue,
    Moment,
    Tracking,
)
from holdwell.guide.illustrations import load
from holdwell.i18n.languages import content_folder
from holdwell.store.repository import Store
from holdwell.ui.guide.illustration import SKIN_TONE
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession


def test_paused_tracking_shows_no_weeks_and_no_goal(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = open_page("settings")
    app.button("hw-pause").click().run()
    assert known.profile().tracking is Tracking.PAUSED
    app = open_page("today")
    said = texts(app)
    assert "24w" not in said
    assert len(app.get("progress")) == 0
    assert "paused" in said


def test_after_an_ended_pregnancy_no_page_speaks_of_weeks(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY), now)
    app = open_page("settings")
    app.button("hw-end").click().run()
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    assert pregnancy.ended
    assert pregnancy.due_date is not None
    for page in ("today", "settings", "progress"):
        said = texts(open_page(page)).lower()
        assert "24w" not in said
        assert "due date" not in said
        assert "week 24" not in said
    app.button("hw-end").click().run()
    restored = known.pregnancy()
    assert restored is not None
    assert not restored.ended


def test_settings_are_saved_as_they_are_changed(open_page: OpenPage, known: Store) -> None:
    app = open_page("settings")
    app.slider("hw-goal").set_value(5).run()
    app.slider("hw-ready").set_value(20).run()
    app.toggle("hw-sound").set_value(False).run()
    app.slider("hw-volume").set_value(40).run()
    app.pills("hw-cues").set_value([Cue.BEGIN, Cue.DONE]).run()
    profile = known.profile()
    assert (profile.goal_per_week, profile.get_ready_seconds, profile.sound) == (5, 20, False)
    assert (profile.volume, profile.voice, profile.vibration) == (40, True, True)
    assert profile.quiet_cues == set(Cue) - {Cue.BEGIN, Cue.DONE}


def test_the_skin_tone_of_the_drawings_is_chosen_and_kept(
    open_page: OpenPage, known: Store
) -> None:
    def pictures(page: str) -> str:
        sources = [
            found
            for html in open_page(page).get("html")
            for found in re.findall(r"base64,([A-Za-z0-9+/=]+)", html.proto.body)
        ]
        return "".join(base64.b64decode(source).decode() for source in sources)

    deep = load(content_folder()).skins["deep"].skin
    assert deep not in pictures("guide")
    app = open_page("settings")
    app.pills("hw-skin").set_value("deep").run()
    assert known.meta(SKIN_TONE) == "deep"
    assert f"--fig-skin,{deep}" in pictures("guide")
    assert f"--fig-skin,{deep}" in pictures("settings")
