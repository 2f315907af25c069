"""Slack: Bolt and the SDK for the protocol, our own doors in front of them, one renderer behind them."""
