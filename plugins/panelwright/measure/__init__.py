"""Measures this machine: needs only the standard library and numpy, runs where the drawing side is not installed."""
