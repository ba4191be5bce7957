"""In a browser, a CSV diary is imported, a change is undone, and everything is erased."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext, StartServer
from tests.support.steps import ATTENTIVE, expect_rows, expect_value, rows, running, settled

MARK = "unmistakable-4711"
DIARY = f"Date;Time;Schmerz;Notiz\r\n03.04.2026;21:05;4;{MARK}\r\n05.04.2026;7:30;8;mäßig\r\n"
PAINS = "SELECT score, note FROM pain WHERE deleted_at IS NULL ORDER BY felt_at"
BROUGHT_IN: list[tuple[object, ...]] = [(4, MARK), (8, "mäßig")]

SPACE_BELOW_LINES = """
[...document.querySelectorAll('[class*=st-key-hw-lines-]')].map(lines => Math.round(
  lines.parentElement.getBoundingClientRect().bottom
    - lines.lastElementChild.getBoundingClientRect().bottom))
"""


def files_with_mark(folder: Path) -> list[str]:
    return [p.name for p in folder.rglob("*") if p.is_file() and MARK.encode() in p.read_bytes()]


def choose(page: Page, box: str, option: str) -> None:
    """Choose an option by typing, since the list moves while it opens."""
    page.wait_for_function(ATTENTIVE)
    combobox = page.get_by_role("combobox", name=box)
    listed = page.get_by_role("option", name=option, exact=True)
    expect(combobox).not_to_have_value(option)
    combobox.fill(option)
    combobox.press("ArrowDown")
    expect(listed).to_be_visible()
    # Wait for the run: drawn later, it would close the next list.
    with running(page):
        combobox.press("Enter")
    expect(listed).to_have_count(0)
    expect(combobox).to_have_value(option)


def test_a_diary_is_imported_changed_undone_and_erased(
    start_server: StartServer, open_context: OpenContext, tmp_path: Path
) -> None:
    server = start_server()
    context = open_context()
    page, other = context.new_page(), context.new_page()
    page.goto(f"{server.url}/record")
    settled(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "tagebuch.csv", "mimeType": "text/csv", "buffer": DIARY.encode("cp1252")}
    )
    expect(page.get_by_text("2 rows in this file")).to_be_visible()
    expect(page.get_by_role("combobox", name="Column 4")).to_be_visible()
    settled(page)
    # The boxes are large enough for a thumb.
    boxes = "[...document.querySelectorAll('.stSelectbox [role=group]')]"
    low = f"{boxes}.filter(e => e.getBoundingClientRect().height < 44).length"
    expect_value(page, f"[{boxes}.length > 0, {low}]", [True, 0])
    expect_value(page, SPACE_BELOW_LINES, [0, 0, 0, 0])
    choose(page, "Column 3", "Pain after a session")
    choose(page, "Column 3", "Pain at that time")
    expect(page.get_by_text("“03.04.2026” can be read in more than one way.")).to_be_visible()
    page.get_by_role("radio", name="Fri, 3 Apr 2026").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported: 2 entries.")).to_be_visible()
    expect_rows(server.folder, PAINS, BROUGHT_IN)
    assert rows(server.folder, "SELECT 1 FROM session") == [], "a score makes no session"

    other.goto(f"{server.url}/history")
    settled(other)
    other.get_by_role("button", name="Edit").first.click()
    other.get_by_role("radiogroup", name="How much did it hurt?").get_by_role(
        "radio", name="2", exact=True
    ).click()
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("are saved.")).to_be_visible()
    expect_rows(server.folder, PAINS, [(4, MARK), (2, "mäßig")])
    other.get_by_role("button", name="Changes of the last 30 days").click()
    expect(other.get_by_text("pain 8 → 2")).to_be_visible()
    settled(other)
    assert set(other.evaluate(SPACE_BELOW_LINES)) == {0}
    other.get_by_role("button", name="Undo").first.click()
    expect(other.get_by_text("Undone.")).to_be_visible()
    expect_rows(server.folder, PAINS, BROUGHT_IN)

    assert files_with_mark(server.folder)
    page.get_by_role("button", name="Empty everything").click()
    word = page.get_by_label("If you are sure, type “empty” here")
    page.get_by_role("button", name="Empty for good").click()
    expect(page.get_by_text("Nothing is emptied yet")).to_be_visible()
    word.fill("empty")
    page.get_by_role("button", name="Empty for good").click()
    expect(page.get_by_text("Gone for good.")).to_be_visible()
    assert files_with_mark(server.folder) == []
    expect_rows(server.folder, PAINS, [])
    # The other window, open all the time, is as on the first day.
    other.reload()
    settled(other)
    expect(other.get_by_text("You have changed nothing")).to_be_visible()
    other.get_by_role("link", name="Today").click()
    expect(
        other.get_by_text("Are you pregnant, or have you given birth?", exact=True)
    ).to_be_visible()
    assert files_with_mark(server.folder) == []
