"""Decode a text file, whose encoding may be Unicode, or one of Windows, Mac, DOS or Japan.

Detectors of encodings need more text than a diary of twenty lines.
"""

import re
from contextlib import suppress

_OLD = ("cp1252", "latin-1", "mac_roman", "cp850", "cp932")
"""Of Windows, of files with the five bytes that it does not define, of Mac, DOS and Japan."""
_ODD = re.compile(
    # A capital with an accent inside a word.
    r"[a-zß-ÿ][À-ÖØ-Þ]|[A-Z][À-ÖØ-Þ][a-z]"
    # A letter of none of our languages, or a sign that does not belong at a letter.
    r"|[^\W\d_](?![’–—…”»›°ºª²³€™®©×\xa0])[^\x00-\x7fÀ-ÿŒœ\u3000-\u30ff\u4e00-\u9fff]"
    r"|(?![¡¿“„«‘‚‹’–—…£€©×µ\xa0])[^\x00-\x7fÀ-ÿŒœ\u3000-\u30ff\u4e00-\u9fff][a-z]"
    # Signs of Windows in words where Mac or DOS have a letter: mañana, sesión, algún, día, schön.
    r"|[aeiou]–[aeiou]|[—œ]n\b|(?:\b[dD]|[a-z]{2}(?<!qu))’as?\b|[a-z][“”„‚][a-zß-ÿ]"
    # Letters of Mac that DOS has where they are usual: schön, però.
    r"|[b-df-hj-km-np-z][îï]"
)
"""Letters and signs at odd places, which show that a text was read in a wrong encoding."""


def decoded(data: bytes) -> str:
    """Decode a text and make all its line ends LF. Raises ValueError if it is no text.

    Excel, mail and FTP change line ends, even inside notes.
    """
    text = data.decode(_encoding_of(data))
    if re.search(r"[\x00-\x08\x0e-\x19\x1b-\x1f]", text):
        raise ValueError("The text has control characters")
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding_of(data: bytes) -> str:
    """Return the encoding of a text; it may have bytes that the encoding does not define."""
    high, low = (data[at:2000:2] for at in (0, 1))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # UTF-16 without a mark has a NUL before or after each digit and comma. A few are a fault.
    if max(high.count(0), low.count(0)) * 8 > len(high):
        return "utf-16-be" if high.count(0) > low.count(0) else "utf-16-le"
    with suppress(UnicodeDecodeError):
        data.decode()
        return "utf-8"
    lines = b"\n".join(line for line in data.splitlines() if not line.isascii())[: 2**20]
    counts: dict[str, int] = {}
    for encoding in _OLD:
        with suppress(UnicodeDecodeError):
            counts[encoding] = len(_ODD.findall(lines.decode(encoding)))
    # Old Mac programs end lines in CR alone.
    is_old_mac = b"\r" in data and b"\n" not in data
    return min(counts, key=lambda name: (counts[name], is_old_mac and name != "mac_roman"))
