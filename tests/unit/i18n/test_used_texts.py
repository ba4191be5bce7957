"""Every text that the code uses is in wording/, and every text there is used.

Keys are read from the code: `say("nav.today")`, `counted("days", n)`, and the scripts of the timer.
A pattern of keys, `say(f"nav.{name}")` or "nav.{}", must be declared in GAPS with all the keys that
it can become.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path

from docs import write_help
from holdwell.backup.erase import Scope
from holdwell.cli import localized
from holdwell.domain.dates import DateProblem, Trimester
from holdwell.domain.models import (
    BirthKind,
    Condition,
    CrampLeg,
    Cue,
    DayPart,
    DueDateSource,
    LeftOutReason,
    PainPlace,
    PainSide,
    Side,
)
from holdwell.guide.advice import Certainty, LineKind, Verdict
from holdwell.i18n.languages import fields_of
from holdwell.i18n.messages import wording
from holdwell.network.pairing import PinResult
from holdwell.report.summary import ReportRange
from holdwell.stats.queries import Grouping
from holdwell.store import change_log
from holdwell.store.errors import StoreProblem
from holdwell.store.history import EntryKind, Filter
from holdwell.store.people import NameProblem
from holdwell.transfer.csv.cells import Refusal, Scale
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.file_kinds import TableProblem
from holdwell.transfer.csv.mapping import Role
from holdwell.transfer.zip_reader import ExportProblem
from holdwell.ui.history import change_text

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "holdwell").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
SCRIPTS = sorted((ROOT / "holdwell" / "ui" / "stretch" / "timer").glob("*.js"))
FRAME = ROOT / "holdwell" / "ui" / "frame.js"
TEXTS = {".".join(key.split(".")[:2]): text for key, text in wording().items()}
"""The texts by the key that the code uses; of a counted text, one of its plural forms."""


def words(text: str) -> list[str]:
    return text.split()


COLUMNS = words(
    "week from sessions day morning bedtime other when median low high scores cramps answered "
    "level band_low band_high change group left right both pain"
)
FIELDS = [*change_text._TIMES, *change_text._SHOWN]
DUE_SOURCES = [source for source in DueDateSource if source is not DueDateSource.UNKNOWN]
LEGS = ("left", "right", "both")
COMMANDS = [name.replace("-", "_") for name in write_help.command_names()]
GAPS: dict[str, list[Iterable[str]]] = {
    "changes.birth_{}": [BirthKind],
    "cli.usage_{}": [[key for key, _ in localized.MESSAGES]],
    "changes.condition_{}": [Condition],
    "changes.field_{}": [FIELDS],
    "changes.{}_{}": [
        change_log.TRACKED,
        ("added", "changed", "deleted", "back"),
    ],
    "cli.state_{}": [("ok", "attention", "fault")],
    "cli.{}": [COMMANDS],
    "dates.{}": [DateProblem],
    "erase.done_{}": [Scope],
    "erase.{}": [Scope],
    "erase.{}_goes": [Scope],
    "erase.{}_stays": [Scope],
    "errors.{}": [StoreProblem],
    "history.deleted_{}": [EntryKind],
    "history.add_{}": [EntryKind],
    "history.show_{}": [Filter],
    "evidence.certainty_{}": [Certainty],
    "form.comfort_{}": ["12345"],
    "form.cramp_{}": [CrampLeg],
    "guide.part_{}": [("steps", "now", "why")],
    "situations.birth_{}": [BirthKind],
    "situations.condition_{}": [Condition],
    "situations.kind_{}": [LineKind],
    "home.pin_{}": [[result for result in PinResult if result is not PinResult.OPEN]],
    "pain.place_{}": [PainPlace],
    "pain.reason_{}": [LeftOutReason],
    "pain.side_{}": [PainSide],
    "part.{}": [DayPart],
    "passphrase.done_{}": [("set", "changed", "removed")],
    "people.name_{}": [NameProblem],
    "progress.axis_title_{}": [("stage", "calendar")],
    "progress.axis_{}": [("stage", "calendar")],
    "progress.band_{}": [(*Trimester, "postpartum")],
    "progress.band_short_{}": [(*Trimester, "postpartum")],
    "progress.change_{}": [("less", "little", "more")],
    "progress.group_{}": [Grouping],
    "progress.half_{}": [DayPart],
    "progress.range_{}": [("recent", "year", "all")],
    "progress.section_{}": [("glance", "often", "pain", "change", "when")],
    "progress.stage_{}": [(*Trimester, "postpartum")],
    "progress.trend_gap_{}": [("missing", "left_out")],
    "progress.{}": [
        (*(f"col_{name}" for name in COLUMNS), *(f"leg_{leg}" for leg in LEGS), "before", "after")
    ],
    "record.import_{}": [ExportProblem],
    "reminders.{}": [("morning", "bedtime")],
    "reminders.{}_time": [("morning", "bedtime")],
    "report.col_{}": [("measure", "value", "basis")],
    "report.figure_{}": [("trend", "weeks", "change", "cramps")],
    "report.figure_{}_note": [("trend", "no_trend", "weeks", "change", "cramps")],
    "report.paper_{}": [("a4", "letter")],
    "report.range_{}": [ReportRange],
    "report.trend_gap_{}": [("missing", "left_out")],
    "report.{}": [
        words(
            "sessions goal before after change trend places cramps "
            "label_name label_time label_weeks signs_title notes_title"
        )
    ],
    "report.verdict_{}": [[verdict for verdict in Verdict if verdict is not Verdict.GO]],
    "review.cramps_{}": [("this", "last", "last_same", "before")],
    "review.when_{}": [("this", "last", "last_same")],
    "routines.part_label_{}": [DayPart],
    "routines.part_{}": [DayPart],
    "settings.cue_{}": [Cue],
    "side.{}": [Side],
    "side.{}_up": [Side],
    "stage.due_from_{}": [DUE_SOURCES[1:]],
    "stage.trimester_{}": [Trimester],
    "today.cramp_leg_{}": [CrampLeg],
    "today.{}_{}": [("morning", "bedtime"), ("done", "waiting", "passed")],
    "trackers.kept_{}": [("pain", "before", "after")],
    "trackers.refused_{}": [Refusal],
    "trackers.role_{}": [Role],
    "trackers.scale_{}": [Scale],
    "trackers.table_{}": [TableProblem],
    "trackers.{}": [(*DateOrder, "noted", "there", "differing")],
    "welcome.day_{}": [DUE_SOURCES[1:]],
    "welcome.know_{}": [DUE_SOURCES],
    "welcome.{}": [("pregnant", "postpartum", "neither", "ended")],
    # The timer's scripts.
    "timer.say_{}": [("ready", "switch", "again", "next")],
    "timer.phase_{}": [("ready", "switch", "again", "next")],
    "timer.paused_{}": [("", "restored", "left", "slept", "elsewhere")],
}
NEVER = {
    "today.bedtime_passed",
    *(f"changes.profile_{how}" for how in ("added", "deleted", "back")),
}
"""Keys that match a pattern but are never used."""
BY_NAME = {"side.word_left", "side.word_right", "side.word_left_f", "side.word_right_f"}
"""Keys that `messages.side_words` looks up."""


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Return every syntax node of the code with its place. The code is read only once."""
    return [
        (f"{path}:{getattr(node, 'lineno', 0)}", node)
        for source in SOURCES
        for path in [source.relative_to(ROOT)]
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
    ]


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call that needs a text, with its place."""
    for place, node in nodes():
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in ("say", "quiet", "counted") and node.args:
            yield place, node


def keys_of(call: ast.Call, key: ast.expr, place: str) -> set[str]:
    """Return the keys that a call may use: one text, one of two, or those of a pattern."""
    unit = "units." if getattr(call.func, "id", "") == "counted" else ""
    match key:
        case ast.Constant():
            return {unit + str(key.value)}
        case ast.IfExp():
            return keys_of(call, key.body, place) | keys_of(call, key.orelse, place)
        case ast.JoinedStr():
            return declared(pattern_of(key), place)
    return set()  # The key is defined elsewhere, where `constants` finds it.


def constants() -> set[str]:
    """Return the keys that are constants in the code, for example in a table of keys."""
    return {str(node.value) for _, node in nodes() if isinstance(node, ast.Constant)} & TEXTS.keys()


def patterns() -> Iterator[tuple[str, str]]:
    """Yield the patterns of keys that are constants in the code, with their places."""
    for place, node in nodes():
        if isinstance(node, ast.Constant) and re.fullmatch(r"\w+\.\w*\{\}\w*", str(node.value)):
            yield place, str(node.value)


def pattern_of(key: ast.JoinedStr) -> str:
    return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in key.values)


def declared(pattern: str, place: str) -> set[str]:
    assert pattern in GAPS or pattern == "units.{}", f'{place}: declare "{pattern}" in GAPS'
    keys = product(*GAPS.get(pattern, []))
    return {pattern.replace("{}", "%s") % key for key in keys if key} - NEVER


def in_frame() -> set[str]:
    """Return the keys that the script of the frame uses."""
    written = FRAME.read_text(encoding="utf-8")
    keys = re.findall(r"data\.texts\.(\w+)", written)
    keys += re.findall(r'^  \[/.*/, "(\w+)"\],$', written, re.M)
    return {"app.choose_file" if key == "choose_file" else f"frame.{key}" for key in keys}


def in_scripts() -> Iterator[str]:
    """Yield the keys of the section `timer` that the timer's scripts use."""
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        for key in re.findall(r"\bwords\.(\w+)", text):
            yield f"timer.{key}"
        for pattern in re.findall(r"\bwords\[`([^`]+)`\]", text):
            yield from declared("timer." + re.sub(r"\$\{[^}]*\}", "{}", pattern), script.name)


def test_every_text_that_the_code_uses_exists_and_can_be_filled() -> None:
    for place, call in calls():
        for key in keys_of(call, call.args[0], place):
            assert key in TEXTS, f"{place} asks for {key}, which is not in wording/"
            given = {keyword.arg for keyword in call.keywords}
            literal = isinstance(call.args[0], ast.Constant | ast.IfExp)
            all_named = None not in given  # No **values, which cannot be read here.
            if literal and all_named and getattr(call.func, "id", "") == "say":
                missing = fields_of(TEXTS[key]) - given
                assert not missing, f"{place}: {key} lacks {missing}"


def test_every_text_that_the_script_of_the_frame_uses_exists() -> None:
    assert len(in_frame()) > 15
    assert in_frame() - TEXTS.keys() == set()


def test_every_text_of_a_pattern_exists() -> None:
    for place, pattern in patterns():
        assert declared(pattern, place) <= TEXTS.keys(), f"{place}: {pattern}"


def test_every_text_is_used() -> None:
    asked = {key for place, call in calls() for key in keys_of(call, call.args[0], place)}
    asked |= {key for place, pattern in patterns() for key in declared(pattern, place)}
    assert (
        sorted(TEXTS.keys() - asked - constants() - in_frame() - set(in_scripts()) - BY_NAME) == []
    )


def test_every_declared_pattern_is_in_the_code() -> None:
    asked = [node for _, call in calls() for node in ast.walk(call.args[0])]
    written = {pattern_of(node) for node in asked if isinstance(node, ast.JoinedStr)}
    written |= {pattern for _, pattern in patterns()}
    assert [gap for gap in GAPS if gap not in written and not gap.startswith("timer.")] == []
