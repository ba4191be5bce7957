"""The frame around every page."""

from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, go_to, texts


def test_demo_says_so_on_every_page(open_page: OpenPage, known: Store) -> None:
    known.set_meta("demo", "1")
    for page in (
        "today",
        "stretch",
        "history",
        "progress",
        "settings",
        "safety",
        "welcome",
        "routines",
        "review",
        "record",
    ):
        assert "Example data" in texts(open_page(page)), page


def test_the_notice_of_example_data_can_be_closed(open_page: OpenPage, known: Store) -> None:
    known.set_meta("demo", "1")
    app = open_page("today")
    app.button("hw-demo-close").click().run()
    assert "Example data" not in texts(app)
    assert "Example data" not in texts(go_to(app, "history")), "closed on every page"
    assert "Example data" in texts(go_to(app, "settings")), "among what is said of the data"
    assert "Example data" in texts(open_page("today")), "another window says it again"
