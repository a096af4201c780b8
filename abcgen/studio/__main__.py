"""`python -m abcgen.studio` is `abcgen studio`."""

import sys

from abcgen.studio import main

if __name__ == "__main__":
    sys.exit(main())
