"""Read and check content/. A fault raises a ContentError with its file, line and what to do."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from holdwell.guide import illustrations
from holdwell.guide.advice import CheckIn, Evidence, PhoneNumbers, Safety, Situation, Situations
from holdwell.guide.fields import Folder, Sources
from holdwell.guide.model import BaseHelper, Guide, Setup, Stretch, Why
from holdwell.i18n.content_models import M, read
from holdwell.i18n.languages import BASE_LANGUAGE, codes, content_folder
from holdwell.i18n.messages import language, side_words
from holdwell.i18n.toml_reader import ContentError, open_file


def load(path: Path, code: str = BASE_LANGUAGE) -> Guide:
    """Read a content folder in one language, checked in all. Raises ContentError at a fault."""
    sources = {s.id: s for s in read(open_file(path / "sources.toml"), Sources).source}
    drawings = illustrations.load(path, code).texts
    folder = Folder(code, codes(path), path, sources, drawings, side_words(code, path))

    def table(name: str, model: type[M]) -> M:
        return read(open_file(path / name), model, folder)

    stretches = _stretches(folder)
    return Guide(
        why=table("why.toml", Why),
        setup=table("setup.toml", Setup),
        base=table("base.toml", BaseHelper),
        stretches=stretches,
        safety=table("safety.toml", Safety),
        situations=_situations(folder, {stretch.id for stretch in stretches}),
        evidence=table("evidence.toml", Evidence),
        check_in=table("check_in.toml", CheckIn),
        phone_numbers=table("phone_numbers.toml", PhoneNumbers),
    )


def _situations(folder: Folder, stretches: Collection[str]) -> tuple[Situation, ...]:
    """Return the situations of a folder, after checking that their lines name known stretches."""
    file = open_file(folder.path / "where_now.toml")
    situations = read(file, Situations, folder).situation
    for number, situation in enumerate(situations):
        for index, line in enumerate(situation.lines):
            for unknown in sorted(set(line.leave_out) - set(stretches)):
                known = ", ".join(sorted(stretches))
                text = f'"leave_out" names "{unknown}", which is no stretch. Known: {known}'
                raise file.fault(text, "situation", number, "line", index, "leave_out")
    return situations


def _stretches(folder: Folder) -> tuple[Stretch, ...]:
    """Return the stretches of a folder in their order. Their ids and names must be unique."""
    by_name: dict[str, Stretch] = {}
    for path in sorted((folder.path / "stretches").glob("*.toml")):
        file = open_file(path)
        stretch = read(file, Stretch, folder)
        if stretch.id != path.stem:
            raise file.fault(f'"id" must be the file\'s name, "{path.stem}"', "id")
        if stretch.name in by_name:
            text = f'a second stretch has the name "{stretch.name}". Give each its own'
            raise file.fault(text, "name")
        by_name[stretch.name] = stretch
    if not by_name:
        raise ContentError(f"There is no stretch in {folder.path / 'stretches'}. Put one there")
    return tuple(sorted(by_name.values(), key=lambda stretch: (stretch.order, stretch.id)))


_loaded = cache(load)


def guide() -> Guide:
    """Return the guide in the language of this run; it is read only once."""
    return _loaded(content_folder(), language().code)
