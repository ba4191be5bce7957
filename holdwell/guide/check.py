"""Check what a content folder teaches and says, for the people who edit it.

What a translator has still to do is listed by tools/translations.py.
"""

from pathlib import Path

from babel import Locale

from holdwell.guide.load import load
from holdwell.i18n.languages import BASE_LANGUAGE, SHIPPED, languages
from holdwell.i18n.messages import check_texts, language, say_or, wording
from holdwell.i18n.toml_reader import ContentError, open_file


def check(folder: Path) -> str:
    """Return what a folder contains, in a sentence. Raises ContentError at the first fault."""
    _only_toml(folder / "wording")
    _only_toml(folder / "stretches")
    known = languages(folder)
    texts = wording(BASE_LANGUAGE, folder)
    if folder.resolve() != SHIPPED:
        # Other languages are checked against English, and English against that of the app.
        file = open_file(folder / "wording" / f"{BASE_LANGUAGE}.toml")
        check_texts(file, texts, wording(BASE_LANGUAGE, SHIPPED), Locale.parse(known[0].locale))
    names = {found.code: found.name for found in known}
    for code in names:
        wording(code, folder)
        load(folder, code)
    code = language().code if language().code in names else BASE_LANGUAGE
    return say_or(
        "cli.content_sound",
        "content is sound. Stretches: {stretches}. Languages: {languages}",
        stretches=", ".join(stretch.name for stretch in load(folder, code).stretches),
        languages=", ".join(names.values()),
    )


def _only_toml(folder: Path) -> None:
    """Raise ContentError for a file such as side_reach.toml.txt, which would be ignored."""
    for file in sorted(folder.glob("[!.]*")):
        if file.suffix != ".toml":
            raise ContentError(
                f"{folder.name}/{file.name} is not read: its name must end in .toml. "
                "Rename it or take it out"
            )
