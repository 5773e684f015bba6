"""`python -m flows.cli` is `presswatch`."""

from flows.cli import main

main()
