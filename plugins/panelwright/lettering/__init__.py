"""Letters the panels: words are broken, placed and drawn; one size, never shrunk."""
