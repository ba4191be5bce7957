"""The folder of the app's own files: app.py, pages/, content/ and Streamlit's settings."""

from pathlib import Path
from typing import Final

_PACKAGE = Path(__file__).resolve().parent

IS_CHECKOUT: Final = (_PACKAGE.parent / "pyproject.toml").exists()
"""Whether the code runs from a copy of the repository, not from an installed package."""

APP_FOLDER: Final = _PACKAGE.parent if IS_CHECKOUT else _PACKAGE / "_app"
"""The repository; in an installed package, the folder into which pyproject.toml puts them."""
