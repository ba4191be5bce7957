"""What is shown before Streamlit's scripts have loaded, and for addresses that have no page."""

import gzip
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, Route, expect

from holdwell.guide.load import guide
from holdwell.network import plain_pages
from holdwell.ui.runtime import drawings
from tests.browser.conftest import OpenContext, StartServer
from tests.support.server import Server
from tests.support.steps import settled


def fetched(address: str) -> tuple[bytes, dict[str, str]]:
    """Return the body of an address's response, as it was sent, and its headers."""
    headers = {"Accept-Encoding": "gzip", "Accept": "text/html"}
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


@pytest.mark.parametrize(
    ("theme", "colour"), [("light", plain_pages.LIGHT), ("dark", plain_pages.DARK)]
)
def test_without_scripts_the_name_and_the_stop_signs_are_shown(
    demo_server: Server, open_context: OpenContext, theme: Literal["light", "dark"], colour: str
) -> None:
    page = open_context(java_script_enabled=False, locale="es").new_page()
    page.emulate_media(color_scheme=theme)
    page.goto(f"{demo_server.url}/history")
    expect(page).to_have_title("Holdwell")
    expect(page.get_by_text("necesita JavaScript")).to_be_visible()
    expect(page.get_by_text("AI agents")).to_have_count(0)
    rgb = f"rgb({', '.join(str(part) for part in bytes.fromhex(colour[1:]))})"
    expect(page.locator("html")).to_have_css("background-color", rgb)
    page.get_by_role("link", name="Cuándo parar").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(len(guide().safety.groups) + 1)
    expect(page.get_by_role("listitem").first).to_be_visible()
    page.get_by_role("link", name="Abrir Holdwell").click()
    expect(page.get_by_text("necesita JavaScript")).to_be_visible()


def test_the_first_screen_needs_no_scripts_and_the_chart_library_loads_with_the_first_chart(
    demo_server: Server, page: Page
) -> None:
    page.route(re.compile("/static/|/health"), lambda route: route.abort())
    page.goto(demo_server.url)
    expect(page.get_by_text("Opening")).to_be_visible()
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    page.unroute_all()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(demo_server.url)
    settled(page)
    # The first screen has been removed.
    expect(page.locator("#hw-first")).to_have_count(0)
    # The line of pain on Today is drawn without the chart library.
    expect(page.locator(".hw-sparkline")).to_be_visible()
    assert not [url for url in asked if "VegaLite" in url]
    page.get_by_role("navigation").get_by_role("link", name="Progress").click()
    expect(page.locator(".stVegaLiteChart .marks")).to_have_count(4)
    assert [url for url in asked if "VegaLite" in url]


def test_pages_and_scripts_are_compressed_and_scripts_are_cached(demo_server: Server) -> None:
    packed, headers = fetched(demo_server.url)
    page = gzip.decompress(packed).decode()
    assert headers["cache-control"] == "no-store"
    assert "Streamlit" not in page.split("</head>")[0].split("<title>")[1].split("</title>")[0]
    for path in re.findall(r'(?:src|href)="\.(/static/(?:js|css)/[^"]+)"', page):
        packed, headers = fetched(f"{demo_server.url}{path}")
        kept = headers["cache-control"]
        assert "immutable" in kept, path
        assert headers.get("content-encoding") == "gzip" or len(packed) < 1000, path
    _, headers = fetched(demo_server.url + drawings.address("side_reach", pregnant=True))
    assert headers["content-encoding"] == "gzip"


def test_a_missing_page_and_a_missing_server_are_reported_in_the_users_language(
    start_server: StartServer, open_context: OpenContext
) -> None:
    page = open_context(locale="es").new_page()
    server = start_server()
    answer = page.goto(f"{server.url}/no-such-page")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Esa página no existe")).to_be_visible()
    page.get_by_role("link", name="Abrir Holdwell").click()
    settled(page)
    page.goto(f"{server.url}/today")
    settled(page)
    message = page.get_by_role("dialog")
    expect(message).to_have_count(0)
    page.get_by_role("navigation").get_by_role("link", name="Ajustes").click()
    expect(page.get_by_role("heading", name="Ajustes", level=1)).to_be_visible()
    settled(page)
    server.kill()
    expect(message.get_by_text("Holdwell no responde")).to_be_visible()
    expect(message.get_by_text("Actívalo o vuelve a abrir Holdwell")).to_be_visible()
    expect(message).not_to_contain_text("streamlit", ignore_case=True, use_inner_text=True)


def test_a_data_folder_of_an_unknown_user_is_reported_on_the_page(
    tmp_path: Path, page: Page
) -> None:
    server = Server(tmp_path, HOLDWELL_DATA="~nobody-at-all/data")
    try:
        page.goto(server.url)
        expect(page.get_by_text("cannot reach the folder of your record")).to_be_visible()
        expect(page.get_by_text("~nobody-at-all/data", exact=True)).to_be_visible()
        assert server.answers()
    finally:
        server.kill()


def test_the_first_screen_stays_until_the_style_sheet_has_loaded(
    demo_server: Server, page: Page
) -> None:
    held: list[Route] = []
    # Streamlit's script that adds the style sheet to the page.
    page.route(re.compile(r"/static/js/Html\."), lambda route: held.append(route))
    page.goto(demo_server.url)
    first = page.locator("#hw-first")
    expect(page.locator(".st-key-hw-header a").first).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_be_attached()
    expect(first).to_be_visible()
    for route in held:
        route.continue_()
    expect(first).to_have_count(0)
    assert held


def test_code_that_did_not_come_is_loaded_as_soon_as_the_app_answers(
    demo_server: Server, page: Page
) -> None:
    """First the code of one element is missing, and then that of the whole page."""

    def expect_complete(missing: str, open_history: Callable[[], object]) -> None:
        page.route(re.compile(missing), lambda route: route.abort(), times=1)
        page.route("**/health", lambda route: route.abort())
        with page.expect_event("requestfailed", lambda sent: "/health" in sent.url):
            open_history()
        page.unroute("**/health")
        expect(page.get_by_label("Month", exact=True)).to_be_visible()
        expect(page.get_by_text("Failed to fetch")).to_have_count(0)

    page.goto(demo_server.url)
    settled(page)
    link = page.get_by_role("link", name="History", exact=True)
    expect_complete("/Selectbox", lambda: link.click())
    # Some time later: the page would not load itself again at once.
    page.evaluate("sessionStorage.clear()")
    expect_complete("/static/js/index", lambda: page.goto(f"{demo_server.url}/history"))


def test_a_page_whose_code_is_missing_for_good_is_loaded_again_only_once(
    demo_server: Server, page: Page
) -> None:
    loaded: list[str] = []
    page.on("load", lambda shown: loaded.append(shown.url))
    page.route(re.compile("/Selectbox"), lambda route: route.abort())
    page.goto(demo_server.url)
    settled(page)
    page.evaluate("window.isFirst = true")
    page.get_by_role("link", name="History", exact=True).click()
    page.wait_for_function("!window.isFirst")
    expect(page.get_by_text("Failed to fetch").first).to_be_visible()
    # A page that was about to load itself again would have asked before, and done so by now.
    page.evaluate("fetch('/_stcore/health')")
    assert len(loaded) == 2
