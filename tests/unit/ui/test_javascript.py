"""The modules of a script are joined into one text, each with its own scope."""

import re
from pathlib import Path

import pytest
from py_mini_racer import MiniRacer

from holdwell.ui.runtime.javascript import bundle

APP = Path(__file__).parents[3] / "holdwell"
MODULES = sorted(APP.rglob("*.js"))


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text + "\n", encoding="utf-8")
    return folder / "main.js"


def test_modules_see_only_what_they_import(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        main='import { a } from "./one.js";\nimport { b, c } from "./two.js";\n'
        "const hidden = 1;\nexport const all = () => [a(), b, c, hidden].join();",
        one='import { c } from "./two.js";\nconst hidden = 2;\n'
        "export function a() { return hidden + c; }",
        two="const hidden = 3;\nexport const b = hidden;\nexport const c = 10;",
    )
    with MiniRacer() as v8:
        v8.eval(bundle(entry).split("\nexport default ")[0])
        assert v8.eval("$main.all()") == "12,3,10,1"
        assert v8.eval("typeof hidden") == "undefined"


def test_the_default_export_is_the_component(tmp_path: Path) -> None:
    text = bundle(write(tmp_path, main="export default function mount(data) { return data; }"))
    assert text.endswith("export default $main.default;\n")


@pytest.mark.parametrize(
    "line", ['import x from "./one.js";', "export { a };", "export * from 'b';"]
)
def test_an_unknown_form_of_import_or_export_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match=re.escape(line)):
        bundle(write(tmp_path, main=line, one=""))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_every_import_is_exported(module: Path) -> None:
    for names, source in re.findall(
        r'^import \{([^}]+)\} from "(\.[\w./]+)\.js";', module.read_text(), re.M
    ):
        exported = re.findall(
            r"^export (?:async )?\w+ (\w+)", (module.parent / f"{source}.js").read_text(), re.M
        )
        assert {name.strip() for name in names.split(",")} <= set(exported)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_every_script_can_be_parsed(module: Path) -> None:
    with MiniRacer() as v8:
        v8.eval(f"(() => {{ {bundle(module).replace('export default', 'return')} }}); null")
