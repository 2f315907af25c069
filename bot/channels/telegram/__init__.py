"""Telegram: python-telegram-bot for the protocol, and nothing of its dialogue."""
