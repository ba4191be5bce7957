"""Draws charts in a process of its own, which `svg_export` starts by this file's path.

Each line that comes in is a JSON list of a Vega-Lite specification and the folder of its fonts, or
null; each line that goes out is the SVG, as JSON. The process ends when nothing more can come.
"""

import json
import signal
import sys
from functools import cache

import vl_convert


@cache
def _register(fonts: str | None) -> None:
    if fonts is not None:
        vl_convert.register_font_directory(fonts)


def main() -> None:
    """Draw what comes in, until its end."""
    # Ctrl+C in a terminal is for the server, with which this ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        spec, fonts = json.loads(line)
        _register(fonts)
        # An empty list of addresses: nothing may be fetched while drawing.
        print(json.dumps(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])), flush=True)


if __name__ == "__main__":
    main()
