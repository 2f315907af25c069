"""The workplace map: areas, what is known of each, what is missing, what has changed. Pure."""
