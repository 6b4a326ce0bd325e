"""Reads the storyboard: Markdown becomes pages, panels and lines, each with its place in the file."""
