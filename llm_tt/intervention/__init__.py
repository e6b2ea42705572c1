"""Interventions: parts of a forward pass switched off, scaled, set or steered, and what follows from it."""
