"""The coach: a workplace's plan, its one next step, its agreement, and when to say something of it."""
