"""In a real browser, the whole database is exported on one server and imported on another."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenContext, StartServer
from tests.support.server import Server
from tests.support.steps import expect_rows, expect_value, rows, settled

LABEL = (
    "getComputedStyle(document.querySelector"
    "('[data-testid=stFileUploaderDropzone] button p'), '::after').content"
)
COUNTS = "SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM hold)"


def test_an_export_of_one_server_is_imported_by_another(
    demo_server: Server, start_server: StartServer, open_context: OpenContext, tmp_path: Path
) -> None:
    page = open_context().new_page()
    page.goto(f"{demo_server.url}/record")
    settled(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export everything (ZIP)").click()
    exported = tmp_path / "holdwell.zip"
    saved.value.save_as(exported)
    with zipfile.ZipFile(exported) as archive:
        assert {"holdwell.json", "schema.json", "README.txt", "session.csv", "hold.csv"} <= {
            Path(name).name for name in archive.namelist()
        }
    server = start_server()
    page.goto(f"{server.url}/record")
    settled(page)
    page.locator("input[type=file]").set_input_files(exported)
    expect(page.get_by_text("New in this file")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported:")).to_be_visible()
    expect_rows(server.folder, COUNTS, rows(demo_server.folder, COUNTS))


def test_a_file_button_and_the_refusal_of_a_file_are_in_the_users_language(
    start_server: StartServer, open_context: OpenContext, tmp_path: Path
) -> None:
    page = open_context(locale="es").new_page()
    page.goto(f"{start_server().url}/record")
    settled(page)
    expect_value(page, LABEL, '"Elegir un archivo"')
    # The button is never blank: this is how it is until frame.js has run.
    page.evaluate("document.documentElement.style.removeProperty('--hw-choose-file')")
    expect_value(page, LABEL, '"…"')
    uploader = page.get_by_test_id("stFileUploader").first
    picture = tmp_path / "drawing.png"
    picture.write_bytes(b"no table")
    uploader.locator("input[type=file]").set_input_files(picture)
    expect(uploader.get_by_text("no se pueden leer archivos")).to_be_visible()
    expect(uploader).not_to_contain_text("not allowed", use_inner_text=True)


def test_a_file_is_saved_though_others_use_the_app_before_a_phone_has_fetched_it(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server = start_server()
    context = open_context()
    phone, other = context.new_page(), context.new_page()
    phone.goto(f"{server.url}/record")
    settled(phone)
    other.goto(server.url)
    settled(other)
    held: list[Route] = []
    phone.route("**/media/**", lambda route: held.append(route))
    with phone.expect_request("**/media/**"):
        phone.get_by_role("button", name="Export everything (ZIP)").click()
    for name in ("History", "Guide", "Today"):
        other.get_by_role("link", name=name, exact=True).click()
        expect(other).to_have_title(re.compile(name))
        settled(other)
    assert [route.fetch().status for route in held] == [200]
    phone.unroute_all()
