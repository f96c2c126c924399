"""`python -m potok.cli` is `potok`."""

from potok.cli import main

main()
