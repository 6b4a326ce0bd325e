"""Whom a storyboard lists. On its own: of the script, a finished comic knows no more than this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Character:
    name: str
    role: str = ""
