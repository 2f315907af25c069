"""The command line: every command of the program `pathways`."""
