"""TOML files are read with the line of each key, and wording/ is complete in every language."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.guide import load
from holdwell.i18n import formats, languages, messages
from holdwell.i18n.languages import Language, content_folder
from holdwell.i18n.toml_reader import ContentError, Place, TomlFile, lines_of

EN = Language("en", "English", "en_GB")
ES = Language("es", "Español", "es")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(content_folder(), tmp_path / "content"))


def test_the_line_of_every_table_and_key_is_found() -> None:
    text = '''# about
id = "a"
name.en = "x"

[base]
text = """
[not.a.table]
not_a_key = 1
"""
after = 1
[[step]]
[[step.tip]]
title.en = "t"
[[step.tip]]
[[step]]
list = [
    "a = 1",
]
[[step.tip]]
last = 1
'''
    found = lines_of(text)
    wanted = {
        ("id",): 2,
        ("name",): 3,
        ("name", "en"): 3,
        ("base",): 5,
        ("base", "text"): 6,
        ("base", "after"): 10,
        ("step", 0): 11,
        ("step", 0, "tip", 0): 12,
        ("step", 0, "tip", 0, "title", "en"): 13,
        ("step", 0, "tip", 1): 14,
        ("step", 1): 15,
        ("step", 1, "list"): 16,
        ("step", 1, "tip", 0): 19,
        ("step", 1, "tip", 0, "last"): 20,
    }
    assert {place: found.get(place) for place in wanted} == wanted
    assert not any("not_a_key" in place or "not" in place for place in found)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("nowhere", "title"), "a.toml: no"),
        (("base",), "a.toml, line 1: no"),
        (("base", "title"), "a.toml, line 1, [base]: no"),
        (("step", 1, "tip", 0, "title", "en"), "line 5, [[step]] number 2 [[tip]] number 1: no"),
        (("step", 1, "tip", 0, "a b", 0), "line 6, [[step]] number 2 [[tip]] number 1: no"),
        (("step", 1, "tip", 0, "size", "x"), "line 9, [[step]] number 2 [[tip]] number 1: no"),
    ],
)
def test_a_fault_names_its_line_and_the_tables_around_it(place: Place, said: str) -> None:
    text = """[base]
[[step]]
[[step]]
[[ step . tip ]]
title.en = 't'
"a b" = [
  "[base]",
]
size = { x = 1, y = 2 }
"""
    assert str(TomlFile(Path("a.toml"), {}, text).fault("no", *place)).endswith(said)


names = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)


@given(st.lists(st.tuples(names, st.lists(names, unique=True, max_size=4)), max_size=6))
def test_the_lines_of_any_tables_are_found(tables: list[tuple[str, list[str]]]) -> None:
    """Each [[table]] and each of its keys is found on its own line."""
    lines: list[str] = []
    wanted: dict[Place, int] = {}
    counts: dict[str, int] = {}
    for name, keys in tables:
        number = counts[name] = counts.get(name, -1) + 1
        lines += ["", f"[[{name}]]"]
        wanted[(name, number)] = len(lines)
        for key in keys:
            lines.append(f'{key} = "[[{name}]] = "')
            wanted[(name, number, key)] = len(lines)
    found = lines_of("\n".join(lines))
    assert {place: found.get(place) for place in wanted} == wanted


def test_the_base_language_comes_first_and_every_language_has_its_name() -> None:
    known = languages.languages(content_folder())
    assert known[0] == EN
    assert len({language.name for language in known}) == len(known)


@pytest.mark.parametrize("language", languages.codes(content_folder()))
def test_every_language_is_complete(language: str) -> None:
    """A text that is missing or empty, or has other braces than the English, is an error."""
    assert messages.wording(language)
    assert load.load(content_folder(), language).stretches


def test_another_language_needs_every_text(folder: Path) -> None:
    new = folder / "wording" / "xx.toml"
    shutil.copy(folder / "wording" / "en.toml", new)
    assert "xx" in languages.codes(folder)
    with pytest.raises(ContentError, match=r"line \d+.*\.xx\" is missing\. Add a line \w+\.xx"):
        load.load(folder, "en")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('today = "Today"', "", '"nav.today" is missing'),
        ('today = "Today"', 'today = "Today"\ntommorow = "x"', '"nav.tommorow" is not a known'),
        ('today = "Today"', 'today = "{day}"', '"nav.today" must have no braces'),
        ("{age}, {trimester} trimester", "{age}", '"stage.pregnant" must have {age} {trimester}'),
        ('today = "Today"', 'today = ""', "is empty"),
        ('today = "Today"', "today = 3", "text in quotes"),
        ('name = "English"', "", '"name" must be a text in quotes'),
        ('name = "English"', 'name = "English"\ncolour = "x"', '"colour" is not a known key'),
        ("[language]", 'top = "x"\n[language]', '"top" must be a table [top]'),
    ],
)
def test_a_wording_that_does_not_match_is_named(
    folder: Path, old: str, new: str, message: str
) -> None:
    text = (folder / "wording" / "en.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "wording" / "xx.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        messages.wording("xx", folder)
    assert message in str(caught.value)
    assert "xx.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("chosen", "browser", "code", "locale"),
    [
        ("", None, "en", "en_GB"),
        ("", "en", "en", "en_GB"),
        ("", "en-US", "en", "en_US"),
        ("", "es", "es", "es"),
        ("", "es-MX", "es", "es_MX"),
        ("", "ES_ar", "es", "es_AR"),
        ("", "fr-FR", "en", "en_GB"),
        ("", "es-nowhere-at-all", "es", "es"),
        ("es", "en-US", "es", "es"),
        ("en", "es-MX", "en", "en_GB"),
        ("tlh", "es", "es", "es"),
        ("", "", "en", "en_GB"),
        ("", "../../etc", "en", "en_GB"),
    ],
)
def test_the_chosen_language_comes_first_then_the_browsers_then_english(
    chosen: str, browser: str | None, code: str, locale: str
) -> None:
    found = languages.choose((EN, ES), chosen, browser)
    assert (found.code, found.locale) == (code, locale)


@given(st.text(max_size=30), st.text(max_size=30))
def test_every_tag_leads_to_a_known_language(chosen: str, browser: str) -> None:
    assert languages.choose((EN, ES), chosen, browser).code in ("en", "es")


def test_days_and_numbers_follow_the_language() -> None:
    day = date(2026, 11, 24)
    with messages.speaking(ES):
        assert formats.day_text(day, today=day) == "mar, 24 nov"
        assert formats.number_text(1234.5) == "1.234,5"
        assert formats.signed_text(-1.5) == "−1,5"
        assert formats.listed_text(["a", "b", "c"]) == "a, b y c"
        assert formats.weekdays_text()[0] == "lun"
        assert formats.full_day_text(day) == "martes, 24 de noviembre de 2026"
        assert formats.decimal_marks() == (",", ".")
    with messages.speaking(languages.choose((EN, ES), "", "en-US")):
        assert formats.day_text(day, today=day) == "Tue, Nov 24"
        assert formats.time_text(datetime(2026, 11, 24, 21, 5)).replace("\u202f", " ") == "9:05 PM"
    assert formats.day_text(day, today=day) == "Tue 24 Nov"
    assert formats.number_text(1.5) == "1.5"
    assert formats.number_text(2, places=1) == "2.0"
