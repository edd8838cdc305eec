"""`python -m servespec` is the same command as `servespec`."""

import sys

# With -m Python looks in the working folder first, which is a user's: modules there may bear the names of libraries.
if not sys.flags.safe_path:
    del sys.path[0]

from servespec.cli.main import main

main()
