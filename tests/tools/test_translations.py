"""The list of what is left to translate: texts that are missing, English, or outdated."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from holdwell.i18n.languages import SHIPPED
from tools import translations
from tools.translations import mark_compared, pairs, unfinished


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "content"))


def change(file: Path, old: str, new: str) -> int:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_changing_an_english_text_makes_its_translation_outdated(folder: Path) -> None:
    mark_compared(folder, "es", same=True)
    assert unfinished(folder, "es") == []
    line = change(folder / "safety.toml", 'title.en = "At any time"', 'title.en = "Always"')
    change(folder / "wording" / "en.toml", 'sessions.one = "1 session"', 'sessions.one = "one"')
    left = unfinished(folder, "es")
    assert [text for text in left if "older" in text] == left
    assert [text.partition(" is ")[0] for text in left] == [
        f"safety.toml, line {line}: group.title",
        f"en.toml, line {_line(folder, 'sessions.one = ')}: units.sessions",
    ]
    mark_compared(folder, "es", same=True)
    assert unfinished(folder, "es") == []


def _line(folder: Path, begin: str) -> int:
    lines = (folder / "wording" / "en.toml").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(begin))


def test_moving_a_text_does_not_make_it_outdated(folder: Path) -> None:
    mark_compared(folder, "es", same=True)
    file = folder / "check_in.toml"
    head, *answers = file.read_text("utf-8").split("[[answer]]")
    file.write_text("[[answer]]".join([head, *reversed(answers)]), "utf-8")
    assert unfinished(folder, "es") == []


def test_for_a_new_language_everything_missing_is_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "wording" / "pt.toml").write_text(
        '[language]\nname = "Português"\nlocale = "pt"\n[nav]\ntoday = "Hoje"\n', "utf-8"
    )
    mark_compared(folder, "pt")
    assert translations.main([str(folder), "--language", "pt"]) == 1
    *missing, left = capsys.readouterr().out.splitlines()
    assert all(line.endswith("is missing") for line in missing)
    assert len(missing) == len(list(pairs(folder, "pt"))) - 1
    assert missing[0].startswith("check_in.toml, line "), "what a person in danger reads is first"
    assert any(line.startswith("safety.toml, line 4: title") for line in missing)
    assert left == f"Left in pt: {len(missing)}."


def test_texts_of_a_copied_file_are_listed_as_english_unless_marked_as_the_same(
    folder: Path,
) -> None:
    """A translator starts with a copy of en.toml, whose English texts must not pass as compared."""
    copy = Path(shutil.copy(folder / "wording" / "en.toml", folder / "wording" / "fr.toml"))
    change(copy, 'today = "Today"', 'today = "Aujourd’hui"')
    marked = mark_compared(folder, "fr")
    left = _in_words(folder)
    assert all(text.endswith(" is still in English") for text in left)
    places = [text.partition(": ")[2].partition(" ")[0] for text in left]
    assert "nav.stretch" in places
    assert "app.name" in places
    # Not listed: a translated text, and texts with nothing to translate (a number, only gaps).
    assert not {"nav.today", "form.comfort_2", "form.hold_label"} & set(places)
    assert mark_compared(folder, "fr", same=True) > marked + len(left) // 2
    assert _in_words(folder) == []


def _in_words(folder: Path) -> list[str]:
    """Return what is left in wording/fr.toml, except plural forms that English does not have."""
    found = unfinished(folder, "fr")
    return [text for text in found if text.startswith("en.toml") and "plural form" not in text]


def test_a_plural_form_that_english_does_not_have_is_listed(folder: Path) -> None:
    """French has its own form for millions: CLDR's "many"."""
    copy = Path(shutil.copy(folder / "wording" / "en.toml", folder / "wording" / "fr.toml"))
    change(copy, 'locale = "en', 'locale = "fr_FR" #')
    mark_compared(folder, "fr", same=True)
    place = f"en.toml, line {_line(folder, 'sessions.one = ')}: units.sessions"
    assert f"{place} lacks the plural form many" in unfinished(folder, "fr")
    change(copy, "sessions.one = ", 'sessions.many = "{count} séances"\nsessions.one = ')
    mark_compared(folder, "fr", same=True)
    assert place not in " ".join(unfinished(folder, "fr"))
    change(copy, 'locale = "fr_FR"', 'locale = "nowhere"')
    assert "plural form" not in " ".join(unfinished(folder, "fr")), "its forms are not known"


def test_the_command_marks_and_says_that_nothing_is_left(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translations.main([str(folder), "--language", "es", "--compared", "--same"]) == 0
    assert "Nothing is missing in es" in capsys.readouterr().out
    assert translations.main([str(folder), "--language", "xx"]) == 1
    assert "xx.toml is missing" in capsys.readouterr().out


def test_nothing_is_left_in_spanish(capsys: pytest.CaptureFixture[str]) -> None:
    """After changing a text, read both languages, then run tools.translations with --compared."""
    code = translations.main([str(SHIPPED), "--language", "es"])
    assert (code, capsys.readouterr().out) == (
        0,
        "Nothing is missing in es, or older than the English.\n",
    )


def test_a_reader_that_has_gone_is_no_fault() -> None:
    """As with `| head`, which closes the pipe after ten lines."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "tools.translations", "--language", "xx"]
    done = subprocess.run(
        command, stdout=write, stderr=subprocess.PIPE, text=True, cwd=SHIPPED.parent
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("code", ["en", "es"])
def test_no_text_claims_that_there_is_no_trial_or_study(code: str) -> None:
    claims = re.compile(
        r"no hay (ning[uú]n |ninguna )?(ensayo|estudio)|there (is|are) no (trial|stud)"
    )
    assert [pair.place for pair in pairs(SHIPPED, code) if claims.search(pair.translated)] == []


def test_every_text_of_the_guide_is_found() -> None:
    found = list(pairs(SHIPPED, "es"))
    assert len({pair.place for pair in found}) == len(found)
    assert all(pair.english and pair.translated for pair in found)
    assert translations.Pair("a", "b", "c").hashes != translations.Pair("a", "b", "d").hashes
