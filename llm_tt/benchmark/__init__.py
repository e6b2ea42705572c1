"""How fast is it here? Each work beside one plain forward pass, in turns on the same machine."""
