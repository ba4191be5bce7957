"""Imports all that servers need once, in a process from which they are forked."""

import gc
import pkgutil
from contextlib import suppress
from importlib import import_module

from streamlit.env_util import is_repl

import holdwell
from holdwell.guide import load
from holdwell.i18n.toml_reader import ContentError
from tests.support.components import scan_once

LATE = (
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "anyio._backends._asyncio",
    "itsdangerous",
    "starlette.applications",
    "starlette.middleware.sessions",
    "streamlit.material_icon_names",
    "streamlit.web.bootstrap",
    "streamlit.web.cli",
    "streamlit.web.server.app_discovery",
    "streamlit.web.server.starlette.starlette_agent_routes",
    "streamlit.web.skills",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.h11_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
)
"""Modules that Streamlit imports only when a server starts or the first page is shown."""

ours = (module.name for module in pkgutil.walk_packages(holdwell.__path__, "holdwell."))
for name in (*LATE, *ours, "tests.support.attacks"):
    if not name.endswith(("__main__", "ui.main")):
        import_module(name)
# A test may use a faulty content folder on purpose; its server reports that itself.
with suppress(ContentError):
    load.guide()
scan_once()
# With its first element, Streamlit asks whether it runs in a shell. The answer needs the place of
# every module, which is then kept.
is_repl()
# Exempt all objects so far from garbage collection, which then takes less time in each server.
gc.collect()
gc.freeze()
