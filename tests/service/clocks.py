"""Clocks for tests that take their time."""

from datetime import UTC, datetime, timedelta


def until_noon() -> timedelta:
    """To the coming Monday noon, so that quiet hours never hold a test up."""
    now = datetime.now(UTC)
    return (now + timedelta(days=7 - now.weekday())).replace(hour=12, minute=0) - now
