"""Two explained runs beside each other: which positions belong together, and what became of each edge."""
