"""With a fault in the content folder, every page names the file and line and how to fix it."""

from pathlib import Path

import pytest

from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts
from tests.support.third_stretch import content_with_third_stretch


@pytest.fixture
def content(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = content_with_third_stretch(tmp_path_factory.mktemp("faulty"))
    monkeypatch.setenv("HOLDWELL_CONTENT", str(folder))
    return folder


def replace_in_file(file: Path, old: str, new: str) -> int:
    """Replace a text in a file; return the line number, from 1, on which it was."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "stretches/side_reach.toml",
            "order = 1",
            "ordre = 1",
            'side_reach.toml: "order" is missing. Add a line order = 1',
        ),
        ("setup.toml", "[[step]]", "[[step", "setup.toml cannot be read"),
        ("safety.toml", 'stage = "any"', 'stage = "all"', '"stage" must be one of any'),
        ("wording/en.toml", 'name = "English"', "", 'en.toml, line 2, [language]: "name"'),
        (
            "wording/en.toml",
            'today = "Today"',
            'today = ""',
            'en.toml, line {line}, [nav]: "today" is',
        ),
        ("wording/es.toml", "locale =", "local =", "es.toml, line"),
    ],
)
def test_every_page_names_the_fault_and_the_database_is_untouched(
    open_page: OpenPage,
    known: Store,
    content: Path,
    file: str,
    old: str,
    new: str,
    sentence: str,
) -> None:
    line = replace_in_file(content / file, old, new)
    app = open_page("today")
    assert not app.exception
    assert sentence.format(line=line) in texts(app)
    assert "Traceback" not in texts(app)
    assert len(app.error) == 1
    assert not [b for b in app.button if b.key == "hw-start"]
    assert known.profile().welcomed


def test_after_the_fault_is_fixed_a_reload_works(
    open_page: OpenPage, known: Store, content: Path
) -> None:
    file = content / "stretches" / "hinge_forward.toml"
    replace_in_file(file, "hold_min = 30", "hold_min = 300")
    app = open_page("today")
    assert "hinge_forward.toml, line " in texts(app)
    assert "needs fixing" in texts(app)
    replace_in_file(file, "hold_min = 300", "hold_min = 30")
    app.run()
    assert not app.error
    assert app.button("hw-start")


@pytest.mark.parametrize("named", ["/nowhere/content", "~nobody-at-all/content"])
def test_a_missing_content_folder_is_reported(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("HOLDWELL_CONTENT", named)
    app = open_page("today")
    assert not app.exception
    assert f"wording/en.toml is missing from {named}" in texts(app)
