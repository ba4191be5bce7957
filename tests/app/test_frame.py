"""What every page has around it."""

from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts


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
