"""The Progress page in a real browser: every section fits, and numbers and pictures are saved
without a request to another host."""

import csv
import io
from xml.etree import ElementTree

from playwright.sync_api import Page, Request, ViewportSize, expect

from tests.browser.conftest import OpenContext
from tests.support.chromium import DESKTOP, PHONE
from tests.support.server import Server
from tests.support.steps import OVERFLOW, expect_value, open_next, settled

# The number of charts of each section.
SECTIONS = {
    "At a glance": 4,
    "Keeping it up": 2,
    "Pain over time": 2,
    "Before and after": 1,
    # In the example both stretches are always held together, so there is no chart to compare them.
    "When it is worst": 5,
}
# CUT_OFF finds texts that stick out of a chart's drawing and are cut off; a text's box is a little
# larger than its letters.

# The menus of Streamlit and Vega beside a chart, whose texts are English in every language.
ENGLISH_MENUS = """
[...document.querySelectorAll('[data-testid=stElementToolbar], .vega-embed summary, .vega-actions')]
  .filter(e => e.checkVisibility()).length
"""
CUT_OFF = """
[...document.querySelectorAll('.stVegaLiteChart svg.marks')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < frame.left - 4 || box.right > frame.right + 4
      || box.top < frame.top - 4 || box.bottom > frame.bottom + 4);
  }).map(text => text.textContent);
})
"""

FIRST_CHART_SEEN = """share => {
  const chart = document.querySelector('.stVegaLiteChart:has(.marks)')?.getBoundingClientRect();
  const bar = document.querySelector('.st-key-hw-nav').getBoundingClientRect();
  return chart && chart.top + share * chart.height < bar.top;
}"""
TOPS_OF_CARDS = """
new Set([...document.querySelectorAll('[class*=st-key-hw-glance-]')]
  .map(card => Math.round(card.getBoundingClientRect().top))).size
"""
LAST_LINK_SEEN = """
document.querySelector('.st-key-hw-report').getBoundingClientRect().bottom <= innerHeight
"""


def open_section(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).click()
    expect(page.locator(".stVegaLiteChart")).to_have_count(SECTIONS[name])
    settled(page)
    charts_drawn(page)


def charts_drawn(page: Page) -> None:
    """Wait until every chart is drawn."""
    page.wait_for_function(
        "[...document.querySelectorAll('.stVegaLiteChart')]"
        ".every(chart => chart.querySelector('svg, canvas')?.getBoundingClientRect().width > 0)"
    )


def expect_fitting(page: Page) -> None:
    charts_drawn(page)
    expect_value(page, OVERFLOW, [0, 0])
    expect_value(page, CUT_OFF, [])
    expect_value(page, ENGLISH_MENUS, 0)


def expect_side_by_side(page: Page, width: int, height: int) -> None:
    """Check that the four questions are side by side on one screen of a desktop."""
    resize(page, {"width": width, "height": height})
    expect(page.locator(".stVegaLiteChart .marks")).to_have_count(4)
    expect_value(page, TOPS_OF_CARDS, 1)
    expect_value(page, LAST_LINK_SEEN, True)
    expect_value(page, OVERFLOW, [0, 0])
    expect_value(page, CUT_OFF, [])


def resize(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    expect_value(page, "innerWidth", size["width"])


def test_every_section_fits_with_its_charts_and_shows_the_first_without_scrolling(
    demo_server: Server, page: Page
) -> None:
    page.goto(f"{demo_server.url}/progress")
    settled(page)
    # Change the size only once for each section, because each change redraws every chart.
    sizes = [PHONE, DESKTOP]

    def expect_fitting_both(first_chart: float = 0) -> None:
        for size in sizes:
            resize(page, size)
            if size is PHONE and first_chart:
                page.wait_for_function(FIRST_CHART_SEEN, arg=first_chart)
            expect_fitting(page)
        sizes.reverse()

    for name in SECTIONS:
        open_section(page, name)
        # A small chart is visible as a whole, a large one by its upper half, which has most marks.
        expect_fitting_both(1 if name == "At a glance" else 0.5)
        if name == "At a glance":
            expect_side_by_side(page, 1440, 900)
    for path in ("review", "progress?show=midwife"):
        open_next(page, f"{demo_server.url}/{path}")
        expect_fitting_both()


def test_on_a_desktop_the_four_questions_are_side_by_side_in_spanish_too(
    demo_server: Server, open_context: OpenContext
) -> None:
    page = open_context(locale="es").new_page()
    page.set_viewport_size(DESKTOP)
    page.goto(f"{demo_server.url}/progress")
    settled(page)
    expect_side_by_side(page, DESKTOP["width"], DESKTOP["height"])
    # A screen reader says none of Vega's English words for a chart and its axes.
    charts = page.locator("[role=graphics-document]")
    expect(charts.first).to_have_attribute("aria-roledescription", "gráfico")
    expect(
        page.locator("[aria-label*='-axis'], [aria-roledescription=visualization]")
    ).to_have_count(0)


def test_back_reload_and_a_link_keep_what_is_shown(demo_server: Server, page: Page) -> None:
    page.goto(f"{demo_server.url}/progress")
    settled(page)
    page.locator(".st-key-hw-open-pain").get_by_role("button").click()
    expect(page.locator(".st-key-hw-chart-trend")).to_be_visible()
    page.get_by_role("radio", name="12 weeks").click()
    page.wait_for_url("**/progress?show=pain&range=recent")
    settled(page)
    page.reload()
    chosen = page.get_by_role("radio", name="12 weeks")
    expect(chosen).to_be_checked()
    settled(page)
    page.get_by_role("button", name="Report for your midwife or doctor").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Back to Progress").click()
    expect(page.get_by_role("heading", name="Usual pain")).to_be_visible()
    expect(chosen).to_be_checked()
    page.wait_for_url("**/progress?show=pain&range=recent")
    # Each page and each choice is one step of Back, however Streamlit records them.
    shown = page.get_by_role("heading", level=1)
    for address, title in (
        ("report", "Report for your midwife or doctor"),
        ("progress?show=pain&range=recent", "Progress"),
        ("progress?show=pain", "Progress"),
    ):
        page.go_back()
        page.wait_for_url(f"{demo_server.url}/{address}")
        expect(shown).to_have_text(title)
        if title == "Progress":
            named = "12 weeks" if "range" in address else "Everything"
            expect(page.get_by_role("radio", name=named)).to_be_checked()
        settled(page)
    # A link to the current page opens it without choices, and its address has none.
    page.get_by_role("navigation").get_by_role("link", name="Progress").click()
    page.wait_for_url(f"{demo_server.url}/progress")
    expect(page.get_by_role("radio", name="At a glance")).to_be_checked()
    page.go_back()
    page.wait_for_url(f"{demo_server.url}/progress?show=pain")
    expect(page.get_by_role("radio", name="Pain over time")).to_be_checked()
    settled(page)
    page.go_back()
    page.wait_for_url(f"{demo_server.url}/progress")
    expect(page.get_by_role("radio", name="At a glance")).to_be_checked()


def test_numbers_and_pictures_are_saved_without_another_host_and_printed_without_menus(
    demo_server: Server, page: Page
) -> None:
    hosts: set[str] = set()

    def note_host(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            hosts.add(request.url.split("/")[2])

    page.on("request", note_host)
    page.goto(f"{demo_server.url}/progress?show=often")
    settled(page)
    card = page.locator(".st-key-hw-chart-weekly")
    card.get_by_text("Numbers and picture").click()
    with page.expect_download() as saved:
        card.get_by_role("button", name="Save the numbers (CSV)").click()
    # The file has a byte order mark, by which spreadsheets recognise UTF-8.
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text(encoding="utf-8-sig"))))
    assert list(rows[0]) == ["Week", "From", "Sessions"]
    sentence = card.get_by_text("a week on average").text_content() or ""
    assert sum(int(row["Sessions"]) for row in rows) == int(sentence.split()[0])
    with page.expect_download() as saved:
        card.get_by_role("button", name="Save the picture (SVG)").click()
    drawn = saved.value.path().read_text(encoding="utf-8")
    assert ElementTree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert "Week of pregnancy" in drawn
    page.get_by_role("button", name="This week in three sentences").click()
    expect(page.get_by_text("You stretched")).to_be_visible()
    card = page.locator(".st-key-hw-chart-review")
    card.get_by_text("Numbers and picture").click()
    with page.expect_download() as saved:
        card.get_by_role("button", name="Save the picture (SVG)").click()
    assert "You stretched" in saved.value.path().read_text(encoding="utf-8")
    assert hosts == {f"localhost:{demo_server.port}"}
    page.emulate_media(media="print")
    expect(page.get_by_text("You stretched")).to_be_visible()
    expect(page.get_by_role("link", name="Today")).to_be_hidden()
    expect(page.get_by_role("button", name="Week before")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="All progress").click()
    page.get_by_role("button", name="With my midwife").click()
    page.wait_for_url("**/progress?show=midwife")
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    settled(page)
    page.emulate_media(media="print")
    expect(page.get_by_text("in the 4 weeks before that").first).to_be_visible()
    expect(page.get_by_role("link", name="Today")).to_be_hidden()
    expect(page.get_by_role("button", name="See all")).to_have_count(0)
