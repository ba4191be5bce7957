"""The shape of the code: short functions and modules, few parameters, no class name twice."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("holdwell/**/*.py"), *ROOT.glob("pages/*.py")])
LINES_OF_A_MODULE, LINES_OF_A_FUNCTION, PARAMETERS = 400, 50, 6


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_modules_and_functions_are_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LINES_OF_A_MODULE
    for function in functions(file):
        lines = (function.end_lineno or 0) - function.lineno + 1
        given = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
        parameters = [one.arg for one in given if one.arg not in ("self", "cls")]
        assert lines <= LINES_OF_A_FUNCTION, function.name
        assert len(parameters) <= PARAMETERS or function.name == "__init__", function.name


def test_no_class_has_the_name_of_another() -> None:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in FILES]
    names = [node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    assert len(names) > 100
    assert [name for name, times in Counter(names).items() if times > 1] == []
