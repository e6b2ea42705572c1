"""What a model's weights say about concepts: searched, grouped, named by a person, seen firing."""
