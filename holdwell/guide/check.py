"""`python -m holdwell.guide.check [FOLDER]` checks a content folder, for whoever edits it.

Prints that it is sound, or the first fault with its file and line; exit code 1 on a fault. Without
a folder: the one that HOLDWELL_CONTENT names, else the one beside the code.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel import Locale

from holdwell.guide.load import load
from holdwell.i18n.languages import BASE_LANGUAGE, SHIPPED, content_folder, languages
from holdwell.i18n.messages import match, wording
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
    for language in known:
        wording(language.code, folder)
        load(folder, language.code)
    taught = ", ".join(stretch.name for stretch in load(folder).stretches)
    return f"content is sound. Stretches: {taught}. Languages: {', '.join(k.name for k in known)}"


def _only_toml(folder: Path) -> None:
    """Raise ContentError for a file such as side_reach.toml.txt, which is not read as content."""
    for file in sorted(folder.glob("[!.]*")):
        if file.suffix != ".toml":
            raise ContentError(
                f"{folder.name}/{file.name} is not read: its name must end in .toml. "
                "Rename it or take it out"
            )


def main(arguments: list[str]) -> int:
    """Check the folder named, print what was found, and return the exit code."""
    if len(arguments) > 1:
        print("Usage: python -m holdwell.guide.check [FOLDER]", file=sys.stderr)
        return 2
    folder = Path(arguments[0]).expanduser() if arguments else content_folder()
    try:
        print(check(folder))
    except ContentError as fault:
        print(fault)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
