"""`python -m holdwell`: what the pages can do, for scripts and cron."""

import sys

from holdwell.cli.parser import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
