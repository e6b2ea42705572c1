"""Is the picture true? The model runs once more with only a graph's edges, and we measure what is left."""
