"""Join ES modules into the single script that a Streamlit component takes.

The browser loads a component's JavaScript from a blob, where relative imports do not work, and
Streamlit serves asset folders only for installed packages, but `make run` starts from a checkout.
So the modules are joined when the app starts: this needs no build step and no extra request, and
an editor can follow every import.
"""

import re
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_IMPORT = re.compile(r'^import (\{[^}]+\}) from "((?:\.\.?/)+(?:\w+/)*(\w+))\.js";$', re.M)
_EXPORT = re.compile(r"^export (default )?((?:async )?function|class|const|let) (\w+)", re.M)


def component(name: str, entry: Path, **parts: str) -> ComponentRenderer:
    """Return a Streamlit component that runs a script and uses the page's own styles."""
    return st.components.v2.component(name, js=bundle(entry), isolate_styles=False, **parts)


def no_callbacks(*values: str) -> dict[str, Any]:
    """Return the callbacks that Streamlit requires, for values that are read from the result."""
    return {f"on_{value}_change": lambda: None for value in values}


def bundle(entry: Path) -> str:
    """Return an ES module and all that it imports as one script, each module in its own scope.

    Each module becomes a constant named after its file (`$engine`) that holds its exports. Only
    these forms are known: `import { a, b } from "./file.js";` or "../folder/file.js", and `export`
    before a function, class or constant. ValueError for others. Imports must not form a circle.
    """
    scopes: dict[str, str] = {}
    _add(entry, scopes)
    return "\n".join([*scopes.values(), f"export default ${entry.stem}.default;\n"])


def _add(module: Path, scopes: dict[str, str]) -> None:
    source = module.read_text(encoding="utf-8")
    for _, path, name in _IMPORT.findall(source):
        if name not in scopes:
            _add(module.parent / f"{path}.js", scopes)
    body = _EXPORT.sub(r"\2 \3", _IMPORT.sub(r"const \1 = $\3;", source))
    if unknown := re.search(r"^(?:import|export)\b.*", body, re.M):
        raise ValueError(f"{module.name}: {unknown[0]}")
    exports = ", ".join(
        f"default: {name}" if default else name for default, _, name in _EXPORT.findall(source)
    )
    scopes[module.stem] = f"const ${module.stem} = (() => {{\n{body}return {{ {exports} }};\n}})();"
