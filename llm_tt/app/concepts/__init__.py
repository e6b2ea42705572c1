"""The views of the Concepts page, and what its cards add to a neuron."""
