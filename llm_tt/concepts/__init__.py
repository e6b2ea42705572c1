"""What a model's weights say about concepts, without any run: the index of its neurons, and its search."""
