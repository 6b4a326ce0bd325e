"""Panelwright reads a Markdown storyboard and publishes it as a web comic."""

__version__ = "0.1.0"
