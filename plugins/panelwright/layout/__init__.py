"""Cuts the page: hints to a slicing tree, the tree and the room that words need to frames."""
