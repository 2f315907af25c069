"""Pure rules of what is sent out: when, to whom, in which states, and what the figures add up to."""
