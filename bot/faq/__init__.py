"""Which entry answers these words, and how sure we are."""
