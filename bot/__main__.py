"""`python -m bot` is `pathways`."""

from bot.cli.main import main

main()
