"""`python -m servespec` is the same command as `servespec`."""

from servespec.cli.main import main

main()
