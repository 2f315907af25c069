"""YAML text to types."""
