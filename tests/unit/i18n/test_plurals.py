"""Counted texts have exactly the plural forms that CLDR has for their language."""

import re
import shutil
from pathlib import Path

import pytest
from babel import Locale

from holdwell.i18n import messages
from holdwell.i18n.languages import SHIPPED, Language, languages
from holdwell.i18n.messages import counted, plural_forms, speaking
from holdwell.i18n.toml_reader import ContentError

SESSIONS = {
    "pl": {
        "one": "1 sesja",
        "few": "{count} sesje",
        "many": "{count} sesji",
        "other": "{count} sesji",
    },
    "ar": {
        "zero": "لا جلسات",
        "one": "جلسة واحدة",
        "two": "جلستان",
        "few": "{count} جلسات",
        "many": "{count} جلسة",
        "other": "{count} من الجلسات",
    },
    "fr": {"one": "{count} séance", "many": "{count} de séances", "other": "{count} séances"},
}


def write_wording(folder: Path, code: str) -> Path:
    """Write the English texts as those of an invented language, with its plural forms."""
    forms = plural_forms(Locale.parse(code))
    lines = []
    for line in (SHIPPED / "wording" / "en.toml").read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r"(\w+)\.(one|other) = (.*)", line)
        if found and found[2] == "other":
            said = dict.fromkeys(forms, found[3])
            if found[1] == "sessions":
                said = {form: f'"{text}"' for form, text in SESSIONS[code].items()}
            lines += [f"{found[1]}.{form} = {text}" for form, text in said.items()]
        elif not found:
            lines.append(f'locale = "{code}"' if line.startswith("locale =") else line)
    file = folder / "wording" / f"{code}.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "content"
    shutil.copytree(SHIPPED / "wording", made / "wording")
    monkeypatch.setenv("HOLDWELL_CONTENT", str(made))
    return made


@pytest.mark.parametrize(
    ("code", "sessions"),
    [
        ("pl", {0: "0 sesji", 1: "1 sesja", 2: "2 sesje", 5: "5 sesji", 22: "22 sesje"}),
        (
            "ar",
            {0: "لا جلسات", 1: "جلسة واحدة", 2: "جلستان", 5: "5 جلسات", 22: "22 جلسة"}
            | {100: "100 من الجلسات"},
        ),
        (
            "fr",
            {
                0: "0 séance",
                1: "1 séance",
                2: "2 séances",
                1_000_000: "1\u202f000\u202f000 de séances",
            },
        ),
        (
            "es",
            {0: "0 sesiones", 1: "1 sesión", 22: "22 sesiones", 1_000_000: "1.000.000 de sesiones"},
        ),
        ("en", {0: "0 sessions", 1: "1 session", 2: "2 sessions", 1234: "1,234 sessions"}),
    ],
)
def test_each_number_gets_its_form(folder: Path, code: str, sessions: dict[int, str]) -> None:
    if code in SESSIONS:
        write_wording(folder, code)
    language = next(one for one in languages(folder) if one.code == code)
    with speaking(language):
        assert {number: counted("sessions", number) for number in sessions} == sessions


def test_a_region_keeps_the_forms_of_the_wording(folder: Path) -> None:
    """Numbers are written as in the region; plural forms are those of the wording file's locale."""
    with speaking(Language("es", "Español", "es_MX")):
        assert counted("sessions", 1_000_000) == "1,000,000 de sesiones"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('sessions.few = "{count} sesje"', "", '"units.sessions.few" is missing. Add it'),
        ("sessions.few =", "sessions.two =", '"units.sessions.two" is not a known text'),
        ('"{count} sesje"', '"sesje"', '"units.sessions.few" must have {count}'),
        ('"{count} sesje"', '"{n} sesje"', '"units.sessions.few" must have {count}'),
        ("sessions.one =", "sessions =", "cannot be read"),
    ],
)
def test_a_language_has_exactly_its_plural_forms(
    folder: Path, old: str, new: str, words: str
) -> None:
    file = write_wording(folder, "pl")
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        messages.wording("pl", folder)
    assert words in str(caught.value)
    assert "pl.toml" in str(caught.value)


def test_a_plural_form_for_several_numbers_must_have_the_count(folder: Path) -> None:
    """French uses "one" for 0 and 1: without {count} the text would be wrong for one of them."""
    file = write_wording(folder, "fr")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"{count} séance"', '"une séance"'), encoding="utf-8")
    with pytest.raises(ContentError, match=r'"units\.sessions\.one" must have \{count\}'):
        messages.wording("fr", folder)
