"""Every sample of a tracker is recognised, and each of its rows is accounted for."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from holdwell.domain.models import Moment, PainPlace, PainSide
from holdwell.i18n.languages import content_folder
from holdwell.i18n.toml_reader import ContentError
from holdwell.transfer.csv import dates, formats, reader, words
from holdwell.transfer.csv.cells import Refusal, Scale
from holdwell.transfer.csv.mapping import ColumnMapping, Role
from holdwell.transfer.csv.table import Table
from tests.unit.transfer.csv.conftest import FIXTURES, Draft, drafted_with

MADRID = ZoneInfo("Europe/Madrid")
NOW = Moment.of(datetime(2026, 11, 26, 22, 0, tzinfo=UTC))
TRACKERS = {
    "bearable.csv": ("Bearable", 1, 0, 3),
    "daylio.csv": ("Daylio", 0, 1, 2),
    "daylio_pipe.csv": ("Daylio", 0, 0, 2),
    "daylio_tab.csv": ("Daylio", 0, 0, 2),
    "drip.csv": ("drip", 0, 0, 2),
    "flaredown.csv": ("Flaredown", 1, 0, 1),
    "garmin.csv": ("Garmin", 0, 1, 1),
    "gforms_es.csv": ("Google Forms", 2, 1, 0),
    "migrainebuddy_places.csv": ("Migraine Buddy", 2, 0, 0),
    "streaks.csv": ("Streaks", 0, 1, 2),
    "strong_semicolons.csv": ("Strong", 0, 1, 0),
    "trackgraph_old.csv": ("Track & Graph", 2, 1, 0),
    "gforms_us.csv": ("Google Forms", 2, 0, 0),
    "habitbull.csv": ("HabitBull", 0, 1, 2),
    "hevy.csv": ("Hevy", 0, 1, 1),
    "loop.zip": ("Loop Habit Tracker", 0, 1, 0),
    "loop_all.csv": ("Loop Habit Tracker", 0, 0, 2),
    "loop_checkmarks.csv": ("Loop Habit Tracker", 2, 1, 1),
    "loop_one.csv": ("Loop Habit Tracker", 0, 2, 1),
    "migrainebuddy.csv": ("Migraine Buddy", 2, 0, 0),
    "migrainebuddy_us.csv": ("Migraine Buddy", 1, 0, 0),
    "samsung.csv": ("Samsung Health", 0, 2, 0),
    "strava.csv": ("Strava", 0, 1, 1),
    "strong.csv": ("Strong", 0, 1, 0),
    "trackgraph.csv": ("Track & Graph", 2, 0, 3),
    "visible.csv": ("Visible", 1, 0, 1),
}
"""The tracker of each sample; the numbers of pain entries, sessions and refused rows."""
OTHERS = {
    "am_pm.csv": (4, 0, 0),
    "baddates.csv": (0, 0, 3),
    "bom_es.csv": (0, 1, 0),
    "de_title.csv": (2, 0, 0),
    "es_tabs.csv": (2, 1, 0),
    "fr_words.csv": (2, 0, 0),
    "offsets.csv": (3, 0, 0),
    "twelve_hours.csv": (1, 1, 0),
    "dst.csv": (4, 0, 0),
    "dupnames.csv": (1, 0, 0),
    "epoch.csv": (1, 0, 1),
    "es_months.csv": (6, 0, 0),
    "excel_es.csv": (0, 2, 1),
    "excel_serial.csv": (2, 0, 0),
    "footer.csv": (2, 0, 1),
    "formula.csv": (0, 0, 1),
    "iso_kinds.csv": (8, 0, 0),
    "ja.csv": (2, 0, 0),
    "long_note.csv": (0, 0, 1),
    "multiline.csv": (1, 0, 0),
    "na.csv": (3, 0, 2),
    "noyear.csv": (0, 0, 2),
    "offset_future.csv": (2, 0, 0),
    "old_mac.csv": (2, 0, 0),
    "pains.csv": (10, 0, 7),
    "preamble.csv": (2, 0, 0),
    "semi.csv": (2, 0, 0),
    "several_pains.csv": (6, 0, 0),
    "times.csv": (10, 0, 0),
    "twodigit.csv": (3, 0, 0),
    "unicode_text.csv": (1, 0, 0),
    "nl_diary.csv": (2, 0, 0),
    "fr_places.csv": (2, 0, 0),
    "it_utf16.txt": (2, 0, 0),
    "pt_commas.csv": (2, 0, 0),
    "year_dots.csv": (2, 0, 0),
    "ja_excel.csv": (3, 2, 0),
    "ja_times.csv": (2, 0, 0),
    "zone_names.csv": (3, 0, 0),
    "excel_times.csv": (2, 0, 0),
    "score_words.csv": (3, 0, 2),
    "old_mac_accents.csv": (1, 0, 0),
    "twelve_hours_es.csv": (2, 0, 1),
}
NO_TABLE = {"clue.json", "flo.json", "export.xml"}


def draft(name: str) -> tuple[ColumnMapping, Draft, Table]:
    """Read a sample with the proposed mapping, and the first of several possible answers."""
    found = reader.read((FIXTURES / name).read_bytes())
    proposal = formats.propose(found, content_folder())
    possible = dates.orders(proposal.written_days(found), NOW.local.date())
    order = proposal.known_order(possible) or possible[0]
    mapping = replace(proposal, order=order, scale=proposal.scale or Scale.TEN)
    return proposal, drafted_with(found, mapping, NOW, MADRID), found


def test_every_sample_is_listed() -> None:
    assert {file.name for file in FIXTURES.iterdir()} == {*TRACKERS, *OTHERS, *NO_TABLE}


@pytest.mark.parametrize("name", sorted({*TRACKERS, *OTHERS}))
def test_each_row_of_a_sample_is_accounted_for(name: str) -> None:
    known = TRACKERS.get(name, ("", *OTHERS.get(name, ())))
    proposal, made, found = draft(name)
    kinds = [entry.is_session for entry in made.entries]
    counts = kinds.count(False), kinds.count(True), len(made.refused)
    assert (proposal.tracker, *counts) == known
    rows = {entry.row for entry in made.entries} | {row.number for row in made.refused}
    # The samples of Strong and Hevy have a second row of the same workout.
    merged = {"strong.csv": 1, "strong_semicolons.csv": 2, "hevy.csv": 1}.get(name, 0)
    assert len(rows) + merged == len(found.rows) + len(found.outside)


def test_every_format_knows_its_own_sample() -> None:
    seen = {draft(name)[0].tracker for name in TRACKERS}
    assert seen | {"Holdwell"} == {known.name for known in formats.load(content_folder()).values()}


def test_values_read_from_the_samples() -> None:
    (entry,) = draft("bearable.csv")[1].entries
    assert entry.moment.local.isoformat() == "2026-11-22T09:05:00+01:00"
    assert (entry.pain and entry.pain.nrs, entry.label) == (6, "Lower back pain")
    (entry,) = draft("flaredown.csv")[1].entries
    assert entry.pain is not None
    assert (entry.pain.nrs, str(entry.pain.value)) == (8, "3"), "0 to 4 there"
    assert draft("bearable.csv")[0].scale is None, "which scale it is must be asked"
    pain = [entry for entry in draft("loop_checkmarks.csv")[1].entries if entry.pain]
    assert [entry.pain and entry.pain.nrs for entry in pain] == [6, 2], "numbers are times 1,000"
    first, second = draft("samsung.csv")[1].entries
    assert first.moment.local.isoformat() == "2026-11-23T21:31:04+01:00"
    assert second.moment.local.isoformat() == "2026-11-23T18:31:04-05:00"
    (entry,) = draft("migrainebuddy_us.csv")[1].entries
    assert entry.moment.local.isoformat() == "2026-11-20T21:05:00-05:00"
    # Pain is only ticked there, which makes neither a pain entry nor a session.
    assert {row.reason for row in draft("drip.csv")[1].refused} == {Refusal.NO_SCORE}
    (entry,) = draft("hevy.csv")[1].entries
    assert entry.note == "exercise_notes: calf tight"


@pytest.mark.parametrize(
    ("name", "times", "scores"),
    [
        ("nl_diary.csv", "2026-11-24T21:05+01:00 2026-11-23T07:00+01:00", [7, 4]),
        ("fr_places.csv", "2026-11-24T07:30+01:00 2026-11-13T21:05+01:00", [6, 3]),
        ("it_utf16.txt", "2026-11-24T21:05+01:00 2026-11-01T07:30+01:00", [7, 4]),
        ("pt_commas.csv", "2026-11-24T21:00+01:00 2026-11-23", [6, 8]),
        ("year_dots.csv", "2026-11-24T21:05+01:00 2026-11-23", [7, 3]),
        ("ja_times.csv", "2026-11-24T21:05+01:00 2026-11-23T21:00+01:00", [7, 4]),
        (
            "zone_names.csv",
            "2026-11-24T21:05-05:00 2026-11-24T21:05+01:00 2026-11-23T22:05+01:00",
            [7, 6, 5],
        ),
        ("excel_times.csv", "2026-11-20T21:05+01:00 2026-11-21T07:30+01:00", [7, 6]),
        ("score_words.csv", "2026-11-24 2026-11-23 2026-11-22", [7, 7, 6]),
        ("twelve_hours_es.csv", "2026-11-24T21:05+01:00 2026-11-24T00:10+01:00", [7, 6]),
    ],
)
def test_times_and_scores_in_other_languages(name: str, times: str, scores: list[int]) -> None:
    entries = draft(name)[1].entries
    said = [
        e.when.day.isoformat() if e.when.at is None else e.moment.local.isoformat("T", "minutes")
        for e in entries
    ]
    assert (said, [e.pain and e.pain.nrs for e in entries]) == (times.split(), scores)


def test_places_and_notes_in_other_languages() -> None:
    for name in ("nl_diary.csv", "fr_places.csv"):
        entry, _ = draft(name)[1].entries
        assert [*entry.where.places, entry.where.side] == [PainPlace.LOWER_BACK, PainSide.LEFT], (
            name
        )
    (entry,) = draft("old_mac_accents.csv")[1].entries
    assert entry.note == "cadera más"
    assert [e.note for e in draft("it_utf16.txt")[1].entries] == [
        "gamba sinistra", "riga 1\nriga 2"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            'name = "X"\nheader = ["a"]\n[columns]\na = "when"\n',
            '"a" must be one of date, time',
        ),
        ('name = "X"\nheader = ["a"]\n[columns]\na = "note"\n', 'no column is the "date"'),
        ('name = "X"\nheader = ["a"]\nscal = "ten"\n[columns]\na = "date"\n', "line 3"),
        ('name = "X"\n[columns]\na = "date"\n', '"header" is missing'),
        ('name = "X"\nheader = ["a"]\ndivide = 0\n[columns]\na = "date"\n', '"divide" must be'),
        ('name = "X"\nheader = ["a"]\ncells = ["("]\n[columns]\na = "date"\n', '"(" is no pattern'),
    ],
)
def test_a_fault_in_a_format_is_named(tmp_path: Path, text: str, wanted: str) -> None:
    folder = Path(shutil.copytree(content_folder() / "trackers", tmp_path / "trackers")).parent
    (folder / "trackers" / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"x\.toml") as caught:
        formats.load(folder)
    assert wanted in str(caught.value)


def test_a_name_with_a_bar_is_found_and_so_is_either_of_two(tmp_path: Path) -> None:
    folder = tmp_path / "trackers"
    folder.mkdir()
    (folder / "painpal.toml").write_text(
        'name = "PainPal"\nheader = ["Logged @", "Ouch | 0-5"]\n'
        '[columns]\n"Logged @" = "date"\n"Ouch | 0-5" = "pain"\n"Spot | Lugar" = "place"\n',
        encoding="utf-8",
    )
    found = reader.read(b"LOGGED @,Ouch | 0-5,Lugar\n2026-11-20,4,hip\n")
    mapping = formats.propose(found, tmp_path)
    assert mapping.tracker == "PainPal"
    assert mapping.roles == (Role.DATE, Role.PAIN, Role.PLACE)


def test_a_fault_in_the_words_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(content_folder(), tmp_path / "content"))
    file = folder / "trackers" / words.FILE
    sound = file.read_text("utf-8")
    file.write_text(sound.replace("cet = 1", 'cet = "one"'), "utf-8")
    with pytest.raises(
        ContentError, match=r'words\.toml, line \d+, \[zone\]: "cet" must be a whole number'
    ):
        words.load(folder)
    words.load.cache_clear()
    words.listed.cache_clear()
    file.write_text(sound.replace("\nname = ", "\nnames = "), "utf-8")
    monkeypatch.setenv("HOLDWELL_CONTENT", str(folder))
    with pytest.raises(ContentError, match=r'words\.toml: "name" is missing from \[column\]'):
        words.listed("column", "name")


def test_a_content_folder_may_have_no_formats(tmp_path: Path) -> None:
    assert formats.load(tmp_path) == {}
    found = reader.read(b"date,pain\n2026-11-20,4\n")
    assert formats.propose(found, tmp_path).roles == (Role.DATE, Role.PAIN)
