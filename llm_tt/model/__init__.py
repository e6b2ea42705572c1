"""Models: the only floor that knows TransformerLens and Transformers."""
