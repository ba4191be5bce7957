"""The table of pages is complete, and every page that has a parent leads back to it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.store.repository import Store
from holdwell.ui.runtime.navigation import PAGES, PAGES_FOLDER, PageInfo, page_path
from tests.app.conftest import OpenPage, go_to


def test_the_table_has_every_page_of_the_folder_once() -> None:
    names = [info.name for info in PAGES]
    assert sorted(names) == sorted(path.stem for path in PAGES_FOLDER.glob("*.py"))
    assert all(Path(page_path(info.name)).is_file() for info in PAGES)


@pytest.mark.parametrize("info", [p for p in PAGES if p.parent], ids=lambda p: p.name)
def test_each_page_below_another_leads_back_to_it(
    open_page: OpenPage, known: Store, info: PageInfo
) -> None:
    (parent,) = (other for other in PAGES if other.name == info.parent)
    assert parent.icon, "the parent is in the navigation bar"
    app = open_page(info.name)
    assert not app.exception
    if info.name != "review":  # Without sessions it has nothing to lead back from.
        assert app.button("hw-back").label


def test_the_way_back_keeps_any_parameter_of_the_address(open_page: OpenPage, known: Store) -> None:
    """A link may have been passed on with parameters that the app does not know."""
    app = open_page("progress")
    app.query_params["name"] = "mail"
    go_to(app, "progress")
    go_to(app, "report")
    app.query_params.clear()
    app.button("hw-back").click().run()
    assert dict(app.query_params) == {"name": "mail"}


def test_windows_that_open_a_page_at_the_same_moment_all_run_it() -> None:
    """Streamlit lets each of its pages run once and notes that in the page: no two may share it."""

    def two_windows() -> None:
        from holdwell.ui.runtime.navigation import register_pages

        assert register_pages()[1] is not register_pages()[1]

    assert not AppTest.from_function(two_windows).run().exception
