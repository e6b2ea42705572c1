"""Reading states as tokens."""
