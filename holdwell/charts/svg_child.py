"""Draw charts in a process of its own, which `svg_export` starts by the path of this file.

Each line of input is a JSON list of a Vega-Lite specification and the folder of its fonts, or null;
each line of output is the SVG, as a JSON string. The process ends when its input does.
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
    """Draw each line of input."""
    # Ctrl+C in a terminal is for the server; when that ends, so does this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        spec, fonts = json.loads(line)
        _register(fonts)
        # An empty list of addresses: nothing may be fetched while drawing.
        print(json.dumps(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])), flush=True)


if __name__ == "__main__":
    main()
