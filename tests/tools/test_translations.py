"""What a translator still has to do: texts that are missing, or older than their English."""

import re
import shutil
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


def test_a_changed_english_text_makes_its_translation_older(folder: Path) -> None:
    mark_compared(folder, "es", same=True)
    assert unfinished(folder, "es") == []
    line = change(folder / "safety.toml", 'title.en = "At any time"', 'title.en = "Always"')
    change(folder / "wording" / "en.toml", 'sessions.one = "1 session"', 'sessions.one = "one"')
    found = unfinished(folder, "es")
    assert [one for one in found if "older" in one] == found
    assert [one.partition(" is ")[0] for one in found] == [
        f"safety.toml, line {line}: group.title",
        f"en.toml, line {_line(folder, 'sessions.one = ')}: units.sessions",
    ]
    mark_compared(folder, "es", same=True)
    assert unfinished(folder, "es") == []


def _line(folder: Path, begin: str) -> int:
    lines = (folder / "wording" / "en.toml").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(begin))


def test_a_moved_text_is_as_new_as_before(folder: Path) -> None:
    mark_compared(folder, "es", same=True)
    file = folder / "check_in.toml"
    head, *answers = file.read_text("utf-8").split("[[answer]]")
    file.write_text("[[answer]]".join([head, *reversed(answers)]), "utf-8")
    assert unfinished(folder, "es") == []


def test_a_new_language_is_told_all_that_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "wording" / "pt.toml").write_text(
        '[language]\nname = "Português"\nlocale = "pt"\n[nav]\ntoday = "Hoje"\n', "utf-8"
    )
    mark_compared(folder, "pt")
    assert translations.main([str(folder), "--language", "pt"]) == 1
    *said, left = capsys.readouterr().out.splitlines()
    assert all(line.endswith("is missing") for line in said)
    assert len(said) == len(list(pairs(folder, "pt"))) - 1
    assert said[0].startswith("check_in.toml, line "), "what a person in danger reads is first"
    assert any(line.startswith("safety.toml, line 4: title") for line in said)
    assert left == f"Left in pt: {len(said)}."


def test_a_copied_file_is_still_in_english_until_someone_says_that_a_text_is_right_so(
    folder: Path,
) -> None:
    """A translator copies en.toml: what is not yet translated must not pass as compared."""
    copy = Path(shutil.copy(folder / "wording" / "en.toml", folder / "wording" / "fr.toml"))
    change(copy, 'today = "Today"', 'today = "Aujourd’hui"')
    marked = mark_compared(folder, "fr")
    left = _in_words(folder)
    assert all(one.endswith(" is still in English") for one in left)
    places = [one.partition(": ")[2].partition(" ")[0] for one in left]
    assert "nav.stretch" in places
    assert "app.name" in places
    # Translated, and nothing to translate: a number, and gaps alone.
    assert not {"nav.today", "form.comfort_2", "form.hold_label"} & set(places)
    assert mark_compared(folder, "fr", same=True) > marked + len(left) // 2
    assert _in_words(folder) == []


def _in_words(folder: Path) -> list[str]:
    """What is left of wording/fr.toml, but for the plural forms that English has not."""
    found = unfinished(folder, "fr")
    return [one for one in found if one.startswith("en.toml") and "plural form" not in one]


def test_a_plural_form_that_english_has_not_is_told(folder: Path) -> None:
    """French counts millions apart: CLDR's "many"."""
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


def test_what_the_guide_teaches_was_compared_in_spanish() -> None:
    """After changing a text, read both, then run tools.translations with --compared."""
    found = [one for one in unfinished(SHIPPED, "es") if not one.startswith("en.toml")]
    assert found == []


@pytest.mark.parametrize("code", ["en", "es"])
def test_no_text_says_that_there_is_no_trial_where_none_was_found(code: str) -> None:
    claims = re.compile(
        r"no hay (ning[uú]n |ninguna )?(ensayo|estudio)|there (is|are) no (trial|stud)"
    )
    assert [one.place for one in pairs(SHIPPED, code) if claims.search(one.translated)] == []


def test_every_text_of_the_guide_is_found() -> None:
    known = list(pairs(SHIPPED, "es"))
    assert len({pair.place for pair in known}) == len(known)
    assert all(pair.english and pair.translated for pair in known)
    assert translations.Pair("a", "b", "c").hashes != translations.Pair("a", "b", "d").hashes
