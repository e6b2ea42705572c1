"""Two browsers for twenty minutes: nothing wrong, nothing that grows, no error (`make endurance`)."""
