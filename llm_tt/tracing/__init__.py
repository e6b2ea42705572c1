"""One forward pass, kept as one frozen trace."""
