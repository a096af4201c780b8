"""`python -m abcgen` is `abcgen`."""

import sys

from abcgen.cli import main

if __name__ == "__main__":
    sys.exit(main())
