"""What makes the page look like an app on a phone: icon, name, colour, and a first screen.

Streamlit's page has no place for these, so it is served from here with them in it. Over plain HTTP
a browser installs no service worker, and "Add to home screen" needs none.
"""

import json
import re
from collections.abc import Callable, Collection
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from holdwell.network import plain_pages
from holdwell.network.account import ACCOUNT, PASSED, Account

COOKIE_SECONDS: Final = 400 * 24 * 3600  # as long as a browser keeps any
OPEN_PATH: Final = "/holdwell/look"
"""Where the icons and the manifest are, which a phone may load before it has entered the PIN."""
ICONS: Final = Path(__file__).parent / "icons"
_MANIFEST: Final = Template((Path(__file__).parent / "manifest.webmanifest").read_text("utf-8"))
_SCRIPTS: Final = "".join(
    (Path(__file__).parent / name).read_text("utf-8") for name in ("handshake.js", "history.js")
)
_STYLES: Final = re.compile(r'<link rel="stylesheet"[^>]*>')
_NO_SCRIPT: Final = re.compile("<noscript>.*?</noscript>", re.DOTALL)
_ROOT: Final = '<div id="root">'
# Addresses of Streamlit's, and those with a slash at their end, which it leads to those without.
_STREAMLITS: Final = re.compile(
    r"/_stcore/(?:health|host-config|stream|upload_file/.+|agent/.+)|/(?:component|media)/.*|.+/",
    re.DOTALL,
)


def look_routes(name: str) -> list[BaseRoute]:
    """Return the routes of the icons and the manifest (https://www.w3.org/TR/appmanifest)."""
    manifest = _MANIFEST.substitute(name=json.dumps(name), light=plain_pages.LIGHT)
    kind = "application/manifest+json"
    return [
        # Where Streamlit's page looks for the icon of its tab.
        Route("/favicon.png", lambda _: FileResponse(ICONS / "icon-192.png")),
        Route(f"{OPEN_PATH}/manifest.webmanifest", lambda _: Response(manifest, media_type=kind)),
        Mount(OPEN_PATH, StaticFiles(directory=ICONS)),
    ]


class _NotStreamlits(Route):
    """A route for every address that Streamlit does not answer. `files` is its static folder."""

    def __init__(self, files: Path, send: Callable[[Request], Response]) -> None:
        super().__init__("/{path:path}", send)
        self.path_regex = re.compile(r"/(?P<path>.*)\Z", re.DOTALL)
        # Listed once: looking for a name that a request makes up may raise.
        self.files = {f"/{path.relative_to(files).as_posix()}" for path in files.glob("static/*/*")}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["path"] in self.files or _STREAMLITS.fullmatch(scope["path"]):
            return Match.NONE, {}
        return super().matches(scope)


def page_route(files: Path, name: str, pages: Collection[str], key_needed: str) -> Route:
    """Return the route of every address that neither another route nor Streamlit has.

    Streamlit's own page, out of the folder of its `files`, goes out with our head, our scripts
    and the first screen at the addresses `pages`. `key_needed` is said to a browser that the app
    did not open, where the system does not tell its account.
    """
    streamlits = (files / "index.html").read_text("utf-8")
    styles = "".join(_STYLES.findall(streamlits))
    # With their styles at its end the page is painted before they have come.
    bare = _STYLES.sub("", _NO_SCRIPT.sub("", streamlits))

    def send_page(request: Request) -> Response:
        languages = request.headers.get("accept-language", "")
        if request.path_params["path"] not in pages:
            return HTMLResponse(plain_pages.not_found(languages), 404)
        needed = key_needed if request.scope.get(ACCOUNT) is Account.UNKNOWN else ""
        data = f'data-listener="{request.scope.get(PASSED, "")}" data-account="{escape(needed)}"'
        page = bare
        for place, ours in {
            "<title>": f"{plain_pages.head_html(name)}<script {data}>{_SCRIPTS}</script><title>",
            "Streamlit</title>": f"{escape(name)}</title>",
            # The page reaches under a phone's rounded corners, and keeps clear of them itself.
            "shrink-to-fit=no": "viewport-fit=cover",
            _ROOT: plain_pages.first_screen(languages) + _ROOT,
            "</body>": styles + "</body>",
        }.items():
            page = page.replace(place, ours, 1)
        return HTMLResponse(page)

    return _NotStreamlits(files, send_page)
