"""What the rows of many prompts say together: what matters, which heads have a role, and how sure that is."""
