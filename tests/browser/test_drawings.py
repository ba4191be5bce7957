"""The drawings in a real browser: they move on request, but not if the user wants less motion."""

import base64
import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from holdwell.domain.models import Side
from holdwell.guide.illustrations import catalogue, illustration
from tests.browser.conftest import OpenContext, StartServer
from tests.support.bare_timer import BareTimer
from tests.support.steps import settled
from tools.illustrations.poses import WAYS

LOOKS = 60
"""How many screenshots to take of a drawing until it has moved. It is a number, not a time: on a
busy machine screenshots are rare, and two may show the same moment of a movement that repeats."""


def shown(page: Page, *svgs: str) -> Locator:
    """Show the drawings as images on an otherwise empty page, and return them."""
    images = [base64.b64encode(svg.encode()).decode() for svg in svgs]
    page.set_content(
        "".join(f'<img width="90" src="data:image/svg+xml;base64,{image}">' for image in images)
    )
    drawings_ready(page)
    return page.locator("img")


def drawings_ready(page: Page) -> None:
    """Wait until every visible image is loaded and decoded."""
    page.evaluate(
        "Promise.all([...document.images].filter(image => image.checkVisibility())"
        ".map(image => image.decode()))"
    )


def pass_frames(page: Page, ms: int) -> None:
    """Wait until the page's animation clock has advanced by `ms` and the page has painted."""
    page.evaluate(
        """ms => new Promise(done => {
            const start = performance.now();
            const tick = now => now - start > ms ? done() : requestAnimationFrame(tick);
            requestAnimationFrame(tick);
        })""",
        ms,
    )


def distinct_looks(page: Page, picture: Locator, times: int, ms: int) -> set[bytes]:
    """Return the different looks of a picture in several screenshots; stops after three."""
    found: set[bytes] = set()
    for _ in range(times):
        found.add(picture.screenshot())
        if len(found) > 2:
            break
        pass_frames(page, ms)
    return found


def test_every_moving_drawing_moves(page: Page) -> None:
    # A viewport in which all drawings are visible at once.
    page.set_viewport_size({"width": 390, "height": 200})
    pictures = shown(page, *(illustration(name, pregnant=True, moving=True) for name in WAYS))
    expect(pictures).to_have_count(len(WAYS))
    boxes = page.evaluate(
        "[...document.images].map(image => image.getBoundingClientRect())"
        ".map(box => [box.left, box.top, box.right, box.bottom].map(Math.round))"
    )
    assert max(bottom for *_, bottom in boxes) <= 200
    found: dict[str, set[bytes]] = {name: set() for name in WAYS}
    for _ in range(LOOKS):
        screen = Image.open(BytesIO(page.screenshot()))
        for name, box in zip(WAYS, boxes, strict=True):
            found[name].add(screen.crop(box).tobytes())
        if all(len(looked) > 2 for looked in found.values()):
            break
        pass_frames(page, 300)
    assert [name for name, looked in found.items() if len(looked) <= 2] == []


def test_lessons_show_a_movement_only_on_request(
    open_context: OpenContext, start_server: StartServer
) -> None:
    page = open_context().new_page()
    page.goto(f"{start_server().url}/guide")
    settled(page)
    offer_no_movement_where_reduced_motion_is_asked_for(page)
    page.emulate_media(reduced_motion="no-preference")
    drawing = page.locator(".st-key-hw-step-0-3 .hw-moves")
    drawing.scroll_into_view_if_needed()
    still = drawing.get_by_role("img")
    expect(still).to_have_count(1)
    pass_frames(page, 300)
    assert len(distinct_looks(page, still, 3, 500)) == 1, "nothing moves by itself"
    expect(drawing.locator(".hw-moving")).to_have_attribute("loading", "lazy")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        drawing.get_by_label("Show the movement").check()
        expect(drawing.locator(".hw-still")).to_be_hidden()
        moving = drawing.get_by_role("img")
        expect(moving).to_have_count(1)
        drawings_ready(page)
        assert len(distinct_looks(page, moving, LOOKS, 300)) > 2
        drawing.get_by_label("Show the movement").uncheck()
        expect(drawing.locator(".hw-moving")).to_be_hidden()
    drawing.get_by_label("Show the movement").check()
    page.emulate_media(reduced_motion="reduce")
    expect(drawing.locator(".hw-moving")).to_be_hidden()
    assert len(distinct_looks(page, drawing, 3, 700)) == 1, "asked for later, it is heard as well"
    page.emulate_media(reduced_motion="no-preference")
    box = drawing.locator("label").bounding_box()
    assert box is not None
    assert box["height"] >= 44


def offer_no_movement_where_reduced_motion_is_asked_for(page: Page) -> None:
    drawings = page.locator(".st-key-hw-stretch-0 .hw-moves")
    expect(drawings.first).to_be_visible()
    expect(drawings).to_have_count(5)
    for drawing in drawings.all():
        expect(drawing.locator("label")).to_be_hidden()
        expect(drawing.locator(".hw-moving")).to_be_hidden()
        # Images are loaded lazily, once they are scrolled into view.
        drawing.scroll_into_view_if_needed()
        expect(drawing.get_by_role("img")).to_be_visible()
    drawings_ready(page)
    pass_frames(page, 300)
    before = [drawing.screenshot() for drawing in drawings.all()]
    pass_frames(page, 1_500)
    assert [drawing.screenshot() for drawing in drawings.all()] == before


def test_the_other_side_is_drawn_mirrored(page: Page) -> None:
    sides = [illustration("heel_on_base", pregnant=True, raised=side) for side in Side]
    pictures = shown(page, *sides)
    flipped = page.evaluate(
        """async () => {
            const pixels = async (image, flip) => {
                const canvas = document.createElement("canvas");
                Object.assign(canvas, {width: 200, height: 180});
                const pen = canvas.getContext("2d");
                if (flip) { pen.translate(200, 0); pen.scale(-1, 1); }
                pen.drawImage(image, 0, 0, 200, 180);
                return pen.getImageData(0, 0, 200, 180).data;
            };
            const [left, right] = document.images;
            const [a, b] = [await pixels(left, true), await pixels(right, false)];
            return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
        }"""
    )
    expect(pictures).to_have_count(2)
    assert flipped <= 40, "but for the edges' smoothing"


def test_the_timer_names_the_sides_of_the_drawing_it_shows(page: Page) -> None:
    BareTimer(page).open()
    picture = page.locator(".hw-picture")
    for raised in Side:
        expect(page.locator(".hw-side")).to_contain_text(re.compile(raised.value, re.IGNORECASE))
        alternative = catalogue().alternative("side_reach", pregnant=False, raised=raised)
        expect(picture).to_have_attribute("aria-label", alternative)
        mirrored = picture.locator("g[transform^='matrix(-1']")
        expect(mirrored).to_have_count(1 if raised is Side.RIGHT else 0)
        if raised is Side.LEFT:
            page.get_by_role("button", name="Just the holds").click()
            page.get_by_role("button", name="Skip").click()
