"""Tiny models of every family that we promise to open."""
