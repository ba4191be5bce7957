"""`python -m holdwell`: the same as the command `holdwell`."""

import sys

from holdwell.cli.parser import main

if __name__ == "__main__":
    sys.exit(main())
