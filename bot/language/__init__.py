"""What words mean, for everything above: normalising, spelling, numbers, choices."""
