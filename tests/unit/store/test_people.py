"""Several people who share a computer: each with a folder, a name and a database of their own."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.store import people
from holdwell.store.people import FIRST, NAME_MAX, NameProblem
from holdwell.store.repository import opened


def test_a_single_person_has_no_name_and_the_data_folder_itself(tmp_path: Path) -> None:
    assert [(p.id, p.name, p.database) for p in people.people(tmp_path)] == [
        (FIRST, "", tmp_path / "holdwell.db")
    ]


def test_each_person_has_a_folder(tmp_path: Path) -> None:
    people.rename(people.people(tmp_path)[0], "Zoe")
    bea, ana = people.add(tmp_path, "Bea"), people.add(tmp_path, " Ana ")
    assert people.people(tmp_path) == [
        people.Person(FIRST, "Zoe", tmp_path),
        ana,
        bea,
    ]
    assert len({person.database for person in people.people(tmp_path)}) == 3
    with opened(ana.database) as store:
        store.set_meta("whose", "Ana's")
    with opened(bea.database) as store:
        assert store.meta("whose") is None
    for folder in (ana.folder, tmp_path / "people"):
        assert not folder.stat().st_mode & 0o077
    assert not (ana.folder / "name.txt").stat().st_mode & 0o077


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", NameProblem.EMPTY),
        (" \t\n", NameProblem.EMPTY),
        ("x" * (NAME_MAX + 1), NameProblem.LONG),
        ("ANA", NameProblem.TAKEN),
        (" a n a", None),
        ("Anna", None),
    ],
)
def test_a_name_differs_from_all_others(
    tmp_path: Path, name: str, problem: NameProblem | None
) -> None:
    ana = people.add(tmp_path, "Ana")
    assert people.problem(tmp_path, name) is problem
    assert people.problem(tmp_path, "ana", ana.id) is None
    assert people.find(tmp_path, " aNA") == ana


@given(name=st.text(max_size=60))
def test_every_taken_name_is_found(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    root = tmp_path_factory.mktemp("house")
    if people.problem(root, name) is not None:
        return
    added = people.add(root, name)
    assert people.people(root)[1] == added
    assert people.find(root, name) == added
    assert people.problem(root, name) is NameProblem.TAKEN


def test_other_folders_and_broken_names_do_no_harm(tmp_path: Path) -> None:
    ana = people.add(tmp_path, "Ana")
    (tmp_path / "people" / "notes").mkdir()
    (tmp_path / "people" / ".DS_Store").write_text("")
    (ana.folder / "name.txt").write_bytes(b"\xff\xfe")
    assert [(p.id, p.name) for p in people.people(tmp_path)] == [(FIRST, ""), (ana.id, "")]
