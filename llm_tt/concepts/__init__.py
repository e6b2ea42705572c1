"""What a model's weights say about concepts: neurons found by words, heads read as tokens, notes."""
