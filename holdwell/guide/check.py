"""`python -m holdwell.guide.check [FOLDER]` checks a content folder, for the people who edit it.

It prints that the folder is sound, or the first fault with its file and line; the exit code is 1 on
a fault. Without a folder: the one that HOLDWELL_CONTENT names, else the one beside the code. What a
translator has still to do is listed by tools/translations.py.
"""

import argparse
import sys
from pathlib import Path

from babel import Locale

from holdwell.guide.load import load
from holdwell.i18n.languages import BASE_LANGUAGE, SHIPPED, content_folder, languages
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


def main(arguments: list[str]) -> int:
    """Check the folder named, print what was found, and return the exit code."""
    parser = argparse.ArgumentParser("python -m holdwell.guide.check", description="Check content.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=content_folder(), help="default: the one in use"
    )
    try:
        print(check(parser.parse_args(arguments).folder.expanduser()))
    except ContentError as fault:
        print(fault)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
