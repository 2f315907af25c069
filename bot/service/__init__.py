"""Transactions and time: hearing an utterance, delivering replies, roles, privacy."""
