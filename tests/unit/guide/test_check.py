"""The check of a content folder, the rules for drawings, and the truth of content/README.md."""

import re
import shutil
from pathlib import Path

import pytest

from holdwell.guide import check as checker
from holdwell.guide import svg_check
from holdwell.i18n.languages import SHIPPED
from holdwell.i18n.messages import say
from holdwell.i18n.toml_reader import ContentError, open_file
from tests.support.third_stretch import ID, NAME, content_with_third_stretch

README = (SHIPPED / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return content_with_third_stretch(tmp_path)


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        # English against the English of the app.
        ("wording/en.toml", 'today = "Today"', 'todai = "x"', ("en.toml, line", "nav.todai")),
        (
            "wording/en.toml",
            'score_at = "{score} at',
            'score_at = "{points} at',
            ("en.toml, line ", '"pain.score_at" must have {score} {time}'),
        ),
        # Spanish against English, although it is not the language of the run.
        ("wording/es.toml", 'today = "Hoy"', "", ("es.toml, line ", '"nav.today" is missing')),
        ("wording/es.toml", 'locale = "es', 'locale = "qq', ("es.toml, line ", '"locale"')),
        (
            f"stretches/{ID}.toml",
            'name.es = "Crecer"',
            "",
            (f"{ID}.toml, line 3", "Add a line name.es"),
        ),
        (f"stretches/{ID}.toml", "{standing_f}", "{de_pie}", ("line 14", "{de_pie}", "Known")),
        (f"stretches/{ID}.toml", "hold_min = 20", "hold_min = 10", ("line 7", "from 20 to 90")),
        (f"stretches/{ID}.toml", "hold_max = 30", "hold_max = 19", ("hold_min", "above")),
        (f"stretches/{ID}.toml", NAME, "Side reach", ("line 3", "second stretch has the name")),
        ("base.toml", "use {bases}", "use {base}", ("base.toml, line ", "{base}", "{bases}")),
        ("base.toml", "[too_high]", "[to_high]", ('"too_high" is missing',)),
        ("base.toml", 'bed.en = "A bed"', "", ("[at_hand]", "bed.en")),
    ],
)
def test_a_fault_is_named(
    folder: Path, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    change(folder / file, old, new)
    with pytest.raises(ContentError) as caught:
        checker.check(folder)
    message = str(caught.value)
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize("name", ["stretches/new.toml.txt", "wording/fr.TXT"])
def test_a_file_that_would_be_ignored_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("", encoding="utf-8")
    with pytest.raises(ContentError, match=r"must end in \.toml"):
        checker.check(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"wording/en\.toml is missing from .*nowhere"):
        checker.check(tmp_path / "nowhere")


def test_braces_without_a_value_are_reported_in_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(folder / "wording" / "en.toml", "{score} at {time}", "{points} at {time}")
    monkeypatch.setenv("HOLDWELL_CONTENT", str(folder))
    with pytest.raises(ContentError, match=r"en\.toml, line \d+.*may have \{score\} \{time\}"):
        say("pain.score_at", score=1, time="9:00")


SOUND = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 360"><title>A  line</title>{}</svg>'
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SOUND.format('<path d="M0 0L9 9" fill="url(#a)"/>'), None),
        (SOUND.format("<style>path { fill: red }</style><desc>x</desc><!-- y -->"), None),
        (SOUND.format('<use href="#a"/>'), None),
        (SOUND.format("<script>alert(1)</script>"), "<script>"),
        (SOUND.format('<g><image href="https://example.org/a.png"/></g>'), "<image>"),
        (SOUND.format('<path onload="alert(1)"/>'), "onload"),
        (SOUND.format('<use href="https://example.org/a.svg#b"/>'), "https://example.org"),
        (SOUND.format('<path fill="url(https://example.org/a)"/>'), "fetches something in fill"),
        (SOUND.format("<path style=\"fill: url( '//example.org')\"/>"), "in style"),
        (SOUND.format("<style>@import 'https://example.org/a.css'</style>"), "<style>"),
        (SOUND.format("<foreignObject/>"), "<foreignObject>"),
        (SOUND.replace(' viewBox="0 0 400 360"', "").format(""), "viewBox"),
        (SOUND.format("<g>"), "is not an SVG"),
        ("<html/>", "outermost"),
        ("", "is not an SVG"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + SOUND.format("&a;"), "DOCTYPE"),
    ],
)
def test_a_drawing_may_contain_only_what_it_shows(text: str, words: str | None) -> None:
    fault = svg_check.fault_of(text)
    if words is None:
        assert fault is None
    else:
        assert fault is not None
        assert words in fault


def test_a_new_drawing_needs_a_sound_file_and_words(folder: Path) -> None:
    change(folder / "stretches" / f"{ID}.toml", '"foot_turned_out"', '"mine"')
    with pytest.raises(ContentError, match=r"line 11: there is no drawing illustrations/mine\.svg"):
        checker.check(folder)
    mine = folder / "illustrations" / "mine.svg"
    mine.write_bytes(SOUND.format("é").encode("latin-1"))
    with pytest.raises(
        ContentError, match=r"line 11: the drawing .*mine\.svg.* not a text in UTF-8"
    ):
        checker.check(folder)
    mine.write_text(SOUND.format("<script/>"), encoding="utf-8")
    with pytest.raises(ContentError, match=r"line 11: the drawing illustrations/mine\.svg.*script"):
        checker.check(folder)
    mine.write_text(SOUND.format(""), encoding="utf-8")
    with pytest.raises(ContentError, match=r"line 11: \"mine\" has no words.*drawings\.toml"):
        checker.check(folder)
    words = folder / "drawings.toml"
    entry = '\n[[drawing]]\nname = "mine"\nalt.en = "A line."\nalt.es = "Una línea."\n'
    words.write_text(words.read_text(encoding="utf-8") + entry, encoding="utf-8")
    assert "sound" in checker.check(folder)
    shutil.copy(mine, folder / "illustrations" / "mine.postpartum.svg")
    change(folder / "illustrations" / "mine.postpartum.svg", "</svg>", "<script/></svg>")
    with pytest.raises(ContentError, match=r"mine\.postpartum\.svg"):
        checker.check(folder)


def test_every_drawing_of_ours_is_sound() -> None:
    for file in (SHIPPED / "illustrations").glob("*.svg"):
        if file.name.endswith(".move.svg"):
            continue  # Shown as an image only, which runs and fetches nothing.
        assert svg_check.fault_of(file.read_text(encoding="utf-8")) is None, file.name


def table_after(heading: str) -> set[str]:
    """Return the names in the first column of the table below a heading of the README."""
    part = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*) \|", part, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_the_readme_names_every_file() -> None:
    named = table_after("Which file says what")
    there = {
        file.relative_to(SHIPPED).as_posix()
        for file in SHIPPED.rglob("*.*")
        if file.is_file() and file.name != "README.md"
    }
    for file in there:
        assert any(Path(file).match(pattern) for pattern in named), file


def test_the_readme_names_every_drawing() -> None:
    files = (SHIPPED / "illustrations").glob("*.svg")
    assert table_after("Drawings") == {file.name.split(".")[0] for file in files}


def test_the_readme_explains_every_key_of_a_stretch() -> None:
    keys: set[str] = set()
    for file in (SHIPPED / "stretches").glob("*.toml"):
        keys |= set(open_file(file).table)
    explained = table_after("Add a stretch")
    assert keys - {"step"} == explained - {"[[step]]", "[[step.tip]]"} - {
        "title", "text", ".toml", "_",
    }  # fmt: skip
