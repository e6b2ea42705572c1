"""What the Anatomy page shows, section by section."""
