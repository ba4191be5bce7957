"""The shape of the code: short functions and modules, few parameters, no name of a type twice."""

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


def type_names(module: ast.Module) -> Iterator[str]:
    """Yield the names of classes and of types made of others, such as `Row = dict[str, Any]`."""
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            is_variable = isinstance(node.value, ast.Call)  # A TypeVar.
            if not is_variable and name[0].isupper() and not name.isupper():
                yield name


def test_no_type_has_the_name_of_another() -> None:
    names = [
        name for file in FILES for name in type_names(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert len(names) > 100
    assert [name for name, times in Counter(names).items() if times > 1] == []
