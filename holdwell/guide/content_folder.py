"""A content folder being read in one language: its files, sources and drawings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from holdwell.guide import illustrations, svg_check
from holdwell.guide.model import Source
from holdwell.i18n import toml_reader
from holdwell.i18n.toml_reader import Reader


class Folder:
    """A content folder being read in one language."""

    def __init__(self, path: Path, code: str) -> None:
        self.path, self.code, self.codes = path, code, toml_reader.codes(path)
        self.sources = _sources(toml_reader.open_file(path / "sources.toml"))
        self.drawings = illustrations.load(path, code).texts

    def open(self, name: str) -> Reader:
        return toml_reader.open_file(self.path / name, self.code, self.codes)

    def cited(self, reader: Reader, *, optional: bool = False) -> tuple[Source, ...]:
        """The sources that a table names."""
        if optional and not reader.has("sources"):
            return ()
        found = []
        for name in reader.plains("sources"):
            if name not in self.sources:
                raise reader.fail(
                    f'"{name}" in "sources" has no [[source]] of that id in sources.toml', "sources"
                )
            found.append(self.sources[name])
        return tuple(found)

    def illustration(self, reader: Reader, key: str = "illustration") -> str:
        name = reader.plain(key)
        if not (self.path / "illustrations" / f"{name}.svg").is_file():
            raise reader.fail(f'there is no drawing illustrations/{name}.svg for "{key}"', key)
        for file in (f"{name}.svg", f"{name}.postpartum.svg"):
            path = self.path / "illustrations" / file
            if path.is_file() and (fault := _drawing_fault(path)):
                raise reader.fail(f'the drawing illustrations/{file} for "{key}" {fault}', key)
        if name not in self.drawings:
            raise reader.fail(
                f'"{name}" has no words for whoever does not see it. '
                "Add a [[drawing]] to drawings.toml",
                key,
            )
        return name


@cache
def _checked(path: Path, changed_ns: int) -> str | None:
    """The fault of a drawing; each is checked once, and again when it changes."""
    try:
        return svg_check.fault_of(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return "is not a text in UTF-8. Save it as a plain SVG"


def _drawing_fault(path: Path) -> str | None:
    return _checked(path, path.stat().st_mtime_ns)


def _sources(reader: Reader) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for table in reader.children("source"):
        source = Source(
            table.plain("id"),
            table.plain("text"),
            table.number("year") if table.has("year") else None,
            table.plain("find") if table.has("find") else "",
        )
        table.done()
        if source.id in found:
            raise table.fail(f'a second source has the id "{source.id}". Give each its own', "id")
        found[source.id] = source
    reader.done()
    return found
