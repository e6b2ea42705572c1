"""The sections of the page Roles."""
