"""Implementations of the engine's ports over real systems."""
