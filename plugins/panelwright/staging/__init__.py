"""Directs: who stands where, in which mood, looking at what; no edition, no size."""
