"""Every text that the code asks for is there, is filled with what it is given, and is kind."""

import ast
import re
import string
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.dates import DateProblem
from holdwell.i18n.messages import JOINER, day_text, length_text, moment_text, plain, say, wording
from holdwell.i18n.toml_reader import ContentError
from holdwell.store.database import StoreProblem

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "holdwell").rglob("*.py"), *(ROOT / "pages").glob("*.py")]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def calls() -> list[tuple[str, ast.Call]]:
    found = []
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            # trouble.quiet asks for a key by way of a name; its own callers are checked instead.
            if getattr(node.func, "id", "") in ("say", "quiet") and not isinstance(
                node.args[0], ast.Name
            ):
                found.append((source.name, node))
    return found


def pattern(key: ast.expr) -> re.Pattern[str]:
    """The keys that a call can ask for: a text, an f-string, or one of two."""
    if isinstance(key, ast.Constant):
        return re.compile(re.escape(str(key.value)))
    if isinstance(key, ast.IfExp):
        return re.compile(f"{pattern(key.body).pattern}|{pattern(key.orelse).pattern}")
    if isinstance(key, ast.JoinedStr):
        parts = [
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z0-9_]+"
            for part in key.values
        ]
        return re.compile("".join(parts))
    raise AssertionError(f"say() with a key that cannot be checked: {ast.dump(key)}")


def test_every_text_asked_for_is_there_and_can_be_filled() -> None:
    for source, call in calls():
        wanted = pattern(call.args[0])
        keys = [key for key in wording() if wanted.fullmatch(key)]
        assert keys, f"{source}:{call.lineno} asks for a text that is not there"
        given_names = {keyword.arg for keyword in call.keywords}
        for key in keys:
            if getattr(call.func, "id", "") == "say" and isinstance(
                call.args[0], ast.Constant | ast.IfExp
            ):
                missing = fields(wording()[key]) - given_names
                assert not missing, f"{source}:{call.lineno} {key} lacks {missing}"


def test_every_text_is_used() -> None:
    wanted = [pattern(call.args[0]) for _, call in calls()]
    scripts = sorted((ROOT / "holdwell/ui/stretch/timer").glob("*.js"))
    script = "".join(file.read_text(encoding="utf-8") for file in scripts)
    unused = [
        key
        for key in wording()
        if not any(p.fullmatch(key) for p in wanted)
        and not (key.startswith("timer.") and _in_script(key.partition(".")[2], script))
    ]
    assert unused == []


def _in_script(name: str, script: str) -> bool:
    stem = re.split(r"_(?=[a-z]*$)", name)[0]
    return f"words.{name}" in script or f"{stem}_$" in script or f"words.{stem}" in script


@pytest.mark.parametrize("problem", DateProblem)
def test_every_date_problem_has_a_sentence(problem: DateProblem) -> None:
    assert say(f"dates.{problem.value}").endswith(".")


@pytest.mark.parametrize("problem", StoreProblem)
def test_every_store_problem_has_a_sentence(problem: StoreProblem) -> None:
    assert say(f"errors.{problem.value}").endswith(".")


def test_tone_has_no_exclamation_and_no_blame() -> None:
    for key, text in wording().items():
        assert "!" not in text, key
        for word in ("missed", "failed", "should have", "forgot", "lazy", "broke your", "streak"):
            assert word not in text.lower(), key


def test_a_missing_text_is_named() -> None:
    with pytest.raises(ContentError, match=r"no\.such"):
        say("no.such")


@given(st.text())
def test_plain_text_keeps_its_characters(text: str) -> None:
    escaped = plain(text).replace(JOINER, "")
    text = text.replace(JOINER, "")
    assert re.sub(r"\\(.)", r"\1", escaped, flags=re.DOTALL) == text
    bare = re.sub(r"\\.", "", escaped, flags=re.DOTALL)
    assert not set(bare) & set("*_`[]<>$#:~|!")


@pytest.mark.parametrize(
    "text",
    [
        ":material/skull:",
        ":streamlit:",
        "a -- b",
        "->",
        "<->",
        ">=",
        "http://a.b",
        "Www.a.b",
        "a@b.c",
    ],
)
def test_what_streamlit_would_replace_is_kept_apart(text: str) -> None:
    assert JOINER in plain(text)


def test_days_and_lengths_in_words() -> None:
    day = date(2026, 11, 24)
    assert day_text(day, today=day) == "Tue 24 Nov"
    assert day_text(day) == "Tue, 24 Nov 2026"
    assert moment_text(datetime(2026, 11, 3, 7, 5), today=day) == "Tue 3 Nov, 07:05"
    assert [length_text(s) for s in (0, 35.4, 59.6, 140)] == [
        "0 s", "35 s", "1 min 0 s", "2 min 20 s",
    ]  # fmt: skip
