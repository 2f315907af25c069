"""Guided conversations as data: the flow language, its runner, its checks."""
