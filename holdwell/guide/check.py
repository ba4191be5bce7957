"""`python -m holdwell.guide.check [FOLDER]` checks a content folder, for the people who edit it.

Prints that it is sound, or the first fault with its file and line; exit code 1 on a fault. Without
a folder: the one that HOLDWELL_CONTENT names, else the one beside the code. With --language it
lists what a translator has still to do.
"""

import argparse
import sys
from pathlib import Path

from babel import Locale

from holdwell.guide.load import load
from holdwell.i18n import translations
from holdwell.i18n.languages import BASE_LANGUAGE, SHIPPED, content_folder, languages
from holdwell.i18n.messages import language, match, say_or, wording
from holdwell.i18n.toml_reader import ContentError, open_file


def check(folder: Path) -> str:
    """Return what is in a sound folder, in a sentence. Raises ContentError at the first fault."""
    _only_toml(folder / "wording")
    _only_toml(folder / "stretches")
    known = languages(folder)
    texts = wording(BASE_LANGUAGE, folder)
    if folder.resolve() != SHIPPED:
        # Other languages are checked against English, and English against what the code asks for.
        file = open_file(folder / "wording" / f"{BASE_LANGUAGE}.toml")
        match(file, texts, wording(BASE_LANGUAGE, SHIPPED), Locale.parse(known[0].locale))
    for one in known:
        wording(one.code, folder)
        load(folder, one.code)
    names = {one.code: one.name for one in known}
    spoken = language().code if language().code in names else BASE_LANGUAGE
    return say_or(
        "cli.content_sound",
        "content is sound. Stretches: {stretches}. Languages: {languages}",
        stretches=", ".join(stretch.name for stretch in load(folder, spoken).stretches),
        languages=", ".join(names.values()),
    )


def _only_toml(folder: Path) -> None:
    """Raise ContentError for a file such as side_reach.toml.txt, which is not read as content."""
    for file in sorted(folder.glob("[!.]*")):
        if file.suffix != ".toml":
            raise ContentError(
                f"{folder.name}/{file.name} is not read: its name must end in .toml. "
                "Rename it or take it out"
            )


def unfinished(folder: Path, language: str, compared: bool, same: bool) -> int:
    """Print what is missing in a language or older than the English; return the exit code.

    With `compared` every text that is translated is remembered as compared with the English first,
    and with `same` those that are the same in both languages as well.
    """
    if compared or same:
        marked = translations.mark_compared(folder, language, same=same)
        print(f"{marked} texts are marked as compared.")
    lines = translations.unfinished(folder, language)
    if lines:
        print("\n".join(lines), f"Left in {language}: {len(lines)}.", sep="\n")
    else:
        print(f"Nothing is missing in {language}, or older than the English.")
    return 1 if lines else 0


def main(arguments: list[str]) -> int:
    """Check the folder named, print what was found, and return the exit code."""
    parser = argparse.ArgumentParser("python -m holdwell.guide.check", description="Check content.")
    parser.add_argument("folder", nargs="?", type=Path, help="else the one in use")
    parser.add_argument("--language", metavar="XX", help="list what is missing or older in it")
    parser.add_argument("--compared", action="store_true", help="mark its texts as compared")
    parser.add_argument(
        "--same", action="store_true", help="also those that are the same as in English"
    )
    options = parser.parse_args(arguments)
    folder = options.folder.expanduser() if options.folder else content_folder()
    try:
        if options.language:
            return unfinished(folder, options.language, options.compared, options.same)
        print(check(folder))
    except ContentError as fault:
        print(fault)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
