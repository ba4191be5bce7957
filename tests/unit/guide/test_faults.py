"""Every wrong value in a content file is reported in a plain sentence."""

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.guide import advice, fields, illustrations, model
from holdwell.i18n.content_models import Content, read
from holdwell.i18n.languages import SHIPPED, codes
from holdwell.i18n.messages import side_words
from holdwell.i18n.toml_reader import ContentError, Place, TomlFile, open_file

MODELS: dict[str, type[Content]] = {
    "sources.toml": fields.Sources,
    "why.toml": model.Why,
    "setup.toml": model.Setup,
    "base.toml": model.BaseHelper,
    "stretches/side_reach.toml": model.Stretch,
    "safety.toml": advice.Safety,
    "where_now.toml": advice.Situations,
    "evidence.toml": advice.Evidence,
    "check_in.toml": advice.CheckIn,
    "phone_numbers.toml": advice.PhoneNumbers,
}
SOURCES = read(open_file(SHIPPED / "sources.toml"), fields.Sources).source
FOLDER = fields.Folder(
    "en",
    codes(SHIPPED),
    SHIPPED,
    sources={source.id: source for source in SOURCES},
    drawings=illustrations.load(SHIPPED).texts,
    sides=side_words("en"),
)


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Yield every place in a table, without the table itself."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*place, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*place, key))


def changed(table: Any, place: Place, value: object) -> Any:
    made = copy.deepcopy(table)
    inner = made
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return made


@pytest.mark.parametrize("name", MODELS)
@given(data=st.data())
def test_every_value_of_another_kind_is_a_plain_fault(name: str, data: st.DataObject) -> None:
    file = open_file(SHIPPED / name)
    place = data.draw(st.sampled_from(list(places(file.table))))
    wrong = data.draw(st.sampled_from(["", " ", 0, -1, 1.5, True, [], [3], [""], {}, {"en": 3}]))
    spoilt = TomlFile(file.path, changed(file.table, place, wrong), file.text)
    try:
        read(spoilt, MODELS[name], FOLDER)
    except ContentError as fault:
        said = str(fault)
        assert re.match(rf"{file.path.name}, line \d+(, \[.*)?: ", said), said
        assert not re.search(r"input|should|valid|pydantic|type=", said), said
    else:
        # Such a value is valid only where the file has one of its kind, too.
        numbers = ("year", "order", "from_week", "to_week")
        assert isinstance(wrong, int) and place[-1] in (("private",) if wrong is True else numbers)


@pytest.mark.parametrize("name", MODELS)
@given(data=st.data())
def test_every_unknown_key_is_named(name: str, data: st.DataObject) -> None:
    file = open_file(SHIPPED / name)
    tables = [(), *(p for p in places(file.table) if isinstance(at(file.table, p), dict))]
    place = data.draw(st.sampled_from(tables))
    spoilt = TomlFile(file.path, changed(file.table, (*place, "misspelt"), "x"), file.text)
    with pytest.raises(ContentError, match="misspelt"):
        read(spoilt, MODELS[name], FOLDER)


def at(table: Any, place: Place) -> Any:
    for key in place:
        table = table[key]
    return table


def test_a_model_made_in_code_needs_no_languages() -> None:
    tip = fields.Tip(title="Slowly", text="There is time.")
    assert tip.title == "Slowly"
    with pytest.raises(ValueError, match="frozen"):
        tip.title = "x"


def test_lists_have_equal_lengths_in_every_language() -> None:
    file = open_file(SHIPPED / "safety.toml")
    table = changed(file.table, ("group", 0, "signs", "es"), ["Desmayo"])
    with pytest.raises(ContentError, match=r'"signs" has lists of different lengths'):
        read(TomlFile(file.path, table, file.text), advice.Safety, FOLDER)


def test_a_text_is_taken_in_the_language_that_is_read() -> None:
    file = open_file(SHIPPED / "why.toml")
    texts = {code: read(file, model.Why, replace(FOLDER, language=code)) for code in FOLDER.codes}
    assert texts["en"].points[0].title == "Why it hurts"
    assert texts["es"].points[0].title == "Por qué duele"


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("birth", "caesarean", '"birth" needs stage = "postpartum"'),
        ("from_week", 99, '"to_week" must not be below "from_week"'),
    ],
)
def test_a_situation_that_could_never_apply_is_a_fault(key: str, value: object, why: str) -> None:
    file = open_file(SHIPPED / "where_now.toml")
    found = file.table["situation"]
    number = next(
        n for n, one in enumerate(found) if one["stage"] == "pregnant" and "to_week" in one
    )
    table = changed(file.table, ("situation", number, key), value)
    with pytest.raises(ContentError, match=re.escape(why)):
        read(TomlFile(file.path, table, file.text), advice.Situations, FOLDER)
