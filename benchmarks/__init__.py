"""Speed, memory and matching figures; never part of `make test`. `make bench` runs them all."""
