"""Adapters between people and the engine: terminal, Telegram, Slack."""
