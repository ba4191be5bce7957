"""What every server needs, imported once: servers are forked from a process that has it."""

import pkgutil
from importlib import import_module

import streamlit.web.bootstrap
import streamlit.web.server.starlette  # noqa: F401

import holdwell
from holdwell import guide

for module in pkgutil.walk_packages(holdwell.__path__, "holdwell."):
    if not module.name.endswith("__main__"):
        import_module(module.name)

guide.guide()
