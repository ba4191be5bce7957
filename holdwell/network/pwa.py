"""Streamlit's page with an icon, a name, a colour and a first screen, like an app on a phone.

Streamlit cannot add these to its page, so the page is served from here instead. There is no service
worker: browsers do not install one over plain HTTP, and "Add to home screen" needs none.
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

COOKIE_SECONDS: Final = 400 * 24 * 3600  # No browser keeps a cookie for longer.
OPEN_PATH: Final = "/holdwell/look"
"""The path of the icons and the manifest, which a phone may load before it has entered the PIN."""
ICONS: Final = Path(__file__).parent / "icons"
_MANIFEST: Final = Template((Path(__file__).parent / "manifest.webmanifest").read_text("utf-8"))
_SCRIPTS: Final = "".join(
    (Path(__file__).parent / f"{name}.js").read_text("utf-8")
    for name in ("handshake", "history", "missing_code")
)
_STYLES: Final = re.compile(r'<link rel="stylesheet"[^>]*>')
_NO_SCRIPT: Final = re.compile("<noscript>.*?</noscript>", re.DOTALL)
_ROOT: Final = '<div id="root">'
# Streamlit's own addresses, and those that end in a slash, which it redirects to those without.
_STREAMLIT_PATHS: Final = re.compile(
    r"/_stcore/(?:health|host-config|stream|upload_file/.+|agent/.+)|/(?:component|media)/.*|.+/",
    re.DOTALL,
)


def icon_routes(name: str) -> list[BaseRoute]:
    """Return the routes of the icons and the manifest (https://www.w3.org/TR/appmanifest)."""
    manifest = _MANIFEST.substitute(name=json.dumps(name), light=plain_pages.LIGHT)
    kind = "application/manifest+json"
    return [
        # Streamlit's page loads the icon of its tab from this address.
        Route("/favicon.png", lambda _: FileResponse(ICONS / "icon-192.png")),
        Route(f"{OPEN_PATH}/manifest.webmanifest", lambda _: Response(manifest, media_type=kind)),
        Mount(OPEN_PATH, StaticFiles(directory=ICONS)),
    ]


class _NonStreamlitRoute(Route):
    """A route for every address that Streamlit does not serve. `files` is its static folder."""

    def __init__(self, files: Path, send: Callable[[Request], Response]) -> None:
        super().__init__("/{path:path}", send)
        self.path_regex = re.compile(r"/(?P<path>.*)\Z", re.DOTALL)
        # Listed once, since checking for a file whose name a request has made up may raise.
        self.files = {f"/{path.relative_to(files).as_posix()}" for path in files.glob("static/*/*")}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["path"] in self.files or _STREAMLIT_PATHS.fullmatch(scope["path"]):
            return Match.NONE, {}
        return super().matches(scope)


def page_route(files: Path, name: str, pages: Collection[str], key_needed: str) -> Route:
    """Return the route for every address that neither another route nor Streamlit serves.

    At the addresses `pages` it sends Streamlit's own page, from its folder of static `files`, with
    our head, scripts and first screen; at any other, a page with status 404. The page shows
    `key_needed` in a browser without a key, if the system does not tell the browser's account.
    """
    original = (files / "index.html").read_text("utf-8")
    styles = "".join(_STYLES.findall(original))
    # With its style sheets at the end, the page is painted before they have loaded.
    bare = _STYLES.sub("", _NO_SCRIPT.sub("", original))

    def send_page(request: Request) -> Response:
        languages = request.headers.get("accept-language", "")
        if request.path_params["path"] not in pages:
            return HTMLResponse(plain_pages.not_found(languages), 404)
        needed = key_needed if request.scope.get(ACCOUNT) is Account.UNKNOWN else ""
        data = f'data-listener="{request.scope.get(PASSED, "")}" data-account="{escape(needed)}"'
        page = bare
        for mark, replacement in {
            "<title>": f"{plain_pages.head_html(name)}<script {data}>{_SCRIPTS}</script><title>",
            "Streamlit</title>": f"{escape(name)}</title>",
            # The page may reach under a phone's rounded corners; its own styles keep clear of them.
            "shrink-to-fit=no": "viewport-fit=cover",
            _ROOT: plain_pages.first_screen(languages) + _ROOT,
            "</body>": styles + "</body>",
        }.items():
            page = page.replace(mark, replacement, 1)
        return HTMLResponse(page)

    return _NonStreamlitRoute(files, send_page)
