"""The documents tell the truth: paths exist, help is the code's, every promise has a test."""

import re
from pathlib import Path

import pytest

from docs import write_help
from holdwell.i18n.messages import wording

ROOT = Path(__file__).parents[2]
PAPERS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAPERS += sorted((ROOT / "docs").glob("*.md"))
PROMISES = ROOT / "docs" / "privacy-and-promises.md"
ROOMS_OF_CODE = ("holdwell", "pages", "tests", "tools")
PATH = re.compile(r"(?:holdwell|pages|content|tests|tools|bench|docs)(?:/[\w.*]+)+/?")
TEST = re.compile(r"`((?:tests|bench)/[\w./]+)(?:::(\w+))?`")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_path_and_link_exists(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    for link in links:
        assert (paper.parent / link).exists(), link
    for quoted in re.findall(r"`([^`\n]+)`", text):
        if PATH.fullmatch(quoted) and "NAME" not in quoted and "xx" not in quoted:
            assert list(ROOT.glob(quoted.rstrip("/"))), quoted


@pytest.mark.parametrize("paper", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_class_constant_and_file_that_a_recipe_names_exists(paper: str) -> None:
    sources = [f for room in ROOMS_OF_CODE for f in (ROOT / room).rglob("*.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    files = {file.name for file in [*sources, *ROOT.glob("*.py")]}
    for quoted in re.findall(r"`([^`\n]+)`", (ROOT / paper).read_text(encoding="utf-8")):
        if re.fullmatch(r"\w+\.py", quoted):
            assert quoted in files
        elif name := re.fullmatch(r"(?:\w+\.)?(_?[A-Z]\w+)|(?:\w+\.)?(\w+)\(\)", quoted):
            known = name[1] or name[2]
            defined = rf"^ *(?:class|def) {known}\b|^{known}\b.*="
            assert re.search(defined, code, re.M) or known == "NAME", quoted


def test_what_the_users_guide_calls_by_name_is_on_the_screen() -> None:
    named = re.findall(
        r"(?<!\*)\*([^*]+)\*(?!\*)", (ROOT / "docs" / "using.md").read_text(encoding="utf-8")
    )
    texts = set(wording().values())
    assert len(named) > 10
    assert [name for name in named if " ".join(name.split()) not in texts] == []


def rows_of_promises() -> list[list[str]]:
    lines = PROMISES.read_text(encoding="utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"
    ]
    return rows[2:]


def test_every_promise_names_a_test_or_bench() -> None:
    rows = rows_of_promises()
    assert len(rows) >= 15
    for promise, shown_by, _measured in rows:
        assert TEST.findall(shown_by), promise


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_test_and_bench_that_is_named_exists(paper: Path) -> None:
    for path, function in TEST.findall(paper.read_text(encoding="utf-8")):
        file = ROOT / path
        file = file if file.exists() else ROOT / f"{path}.py"
        assert file.exists(), path
        if function:
            code = file.read_text(encoding="utf-8")
            assert re.search(rf"^ *def {function}\b", code, re.M), f"{path}: {function}"


def test_the_manual_of_the_command_line_is_what_the_code_prints() -> None:
    assert write_help.TARGET.read_text(encoding="utf-8") == write_help.page(), "run make docs"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_make_target_exists(paper: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(
        re.findall(
            r"\bmake ([a-z]+)\b(?=[`\n ]*(?:#|`|$))", paper.read_text(encoding="utf-8"), re.M
        )
    )
    assert named <= targets, named - targets
